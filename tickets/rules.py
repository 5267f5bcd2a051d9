"""Who may register others?"""

import rules

from accounts.roles import is_organiser, is_supervisor

rules.add_perm("tickets.register_others", is_organiser | is_supervisor)
