"""Who may see registrations and work on them?"""

import rules

from accounts.roles import is_organiser

may_see_registrations = is_organiser

rules.add_perm("desk.see_registrations", may_see_registrations)
