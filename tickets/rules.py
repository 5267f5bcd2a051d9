"""Who may register others, see registrations, run the door?"""

import rules

from accounts.roles import is_organiser, is_supervisor, is_welfare

may_see_door = is_supervisor | is_welfare
may_lead_door = is_supervisor
may_see_registrations = is_organiser

rules.add_perm("tickets.register_others", is_organiser | is_supervisor)
rules.add_perm("tickets.see_registrations", may_see_registrations)
rules.add_perm("tickets.run_door", may_see_door)
rules.add_rule("tickets.run_door", may_see_door)
