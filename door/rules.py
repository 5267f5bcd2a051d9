"""Who may see the door from the desk, lead it, and plan its team?"""

import rules

from accounts.roles import is_organiser, is_supervisor, is_welfare

may_see_door = is_supervisor | is_welfare
may_lead_door = is_supervisor
may_plan_door = is_organiser

rules.add_perm("door.run_door", may_see_door)
rules.add_rule("door.run_door", may_see_door)
