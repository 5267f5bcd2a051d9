"""Who may read which report, and who may record, decide and publish?"""

import rules

from accounts.roles import is_board, is_organiser

may_read_reports = is_organiser | is_board
may_see_live = is_organiser
may_record = is_organiser

rules.add_perm("reporting.read_reports", may_read_reports)
rules.add_rule("reporting.read_reports", may_read_reports)
rules.add_perm("reporting.see_live", may_see_live)
rules.add_perm("reporting.record", may_record)
rules.add_perm("reporting.publish", is_organiser)
