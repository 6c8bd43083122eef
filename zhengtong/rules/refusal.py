"""What a lawful "no" is: a code that never changes and the facts that explain it. Knows no sentence and no language."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Every "no" of law or procedure. A code is never renamed; its sentences stand in `web/frame/sentences.py`."""

    # calendar and clock
    CALENDAR_YEAR_OUT_OF_RANGE = "calendar.year_out_of_range"  # year, first, last
    CALENDAR_NOTICE_EMPTY = "calendar.notice_empty"  # year
    CALENDAR_NOTICE_INCOMPLETE = "calendar.notice_incomplete"  # year, festival
    CALENDAR_DATE_OUTSIDE_NOTICE = "calendar.date_outside_notice"  # year, date
    CALENDAR_DATE_TWICE = "calendar.date_twice"  # year, date
    CALENDAR_DATE_CLAIMED = "calendar.date_claimed"  # year, date, other_year
    CALENDAR_MAKE_UP_ON_WORKDAY = "calendar.make_up_on_workday"  # date
    CALENDAR_MAKE_UP_ON_STATUTORY_DAY = "calendar.make_up_on_statutory_day"  # date, name
    CALENDAR_FILE_UNREADABLE = "calendar.file_unreadable"  # file, line
    CLOCK_PAUSE_BACKWARDS = "clock.pause_backwards"  # since, until
    CLOCK_LIMIT_OUT_OF_RANGE = "clock.limit_out_of_range"  # amount, most
    CLOCK_MOMENT_MISSING = "clock.moment_missing"

    # identifiers
    CODE_USCC_LENGTH = "code.uscc_length"  # length
    CODE_USCC_CHARACTER = "code.uscc_character"  # character, position
    CODE_USCC_CHECK = "code.uscc_check"
    CODE_RESIDENT_ID_FORM = "code.resident_id_form"
    CODE_RESIDENT_ID_REGION = "code.resident_id_region"  # region
    CODE_RESIDENT_ID_BIRTH = "code.resident_id_birth"
    CODE_RESIDENT_ID_CHECK = "code.resident_id_check"
    CODE_MOBILE_FORM = "code.mobile_form"
    CODE_IMPL_FORM = "code.impl_form"  # value
    NUMBER_PART_INVALID = "number.part_invalid"  # part, value
    NUMBER_SERIAL_EXHAUSTED = "number.serial_exhausted"  # serial, most

    # text
    TEXT_REQUIRED = "text.required"  # field
    TEXT_TOO_LONG = "text.too_long"  # field, length, most
    TEXT_CONTROL_CHARACTER = "text.control_character"  # field, character, position
    TEXT_LINE_BREAK = "text.line_break"  # field

    # forms
    FORM_NUMBER = "form.number"  # field
    FORM_WHOLE_NUMBER = "form.whole_number"  # field
    FORM_DECIMALS = "form.decimals"  # field, most
    FORM_TOO_SMALL = "form.too_small"  # field, least
    FORM_TOO_LARGE = "form.too_large"  # field, most
    FORM_DATE = "form.date"  # field
    FORM_DATE_TOO_EARLY = "form.date_too_early"  # field, least
    FORM_DATE_TOO_LATE = "form.date_too_late"  # field, most
    FORM_MONTH = "form.month"  # field
    FORM_TIME = "form.time"  # field
    FORM_RANGE_BACKWARDS = "form.range_backwards"  # field, since, until
    FORM_CHOICE = "form.choice"  # field, value
    FORM_YES_NO = "form.yes_no"  # field
    FORM_MUST_AGREE = "form.must_agree"  # field
    FORM_EMAIL = "form.email"  # field
    FORM_PHONE = "form.phone"  # field
    FORM_PASSPORT = "form.passport"  # field
    FORM_POSTAL_CODE = "form.postal_code"  # field
    FORM_REGION = "form.region"  # field
    FORM_BANK_ACCOUNT = "form.bank_account"  # field
    FORM_URL = "form.url"  # field
    FORM_PLATE = "form.plate"  # field
    FORM_VIN = "form.vin"  # field
    FORM_PROJECT_CODE = "form.project_code"  # field
    FORM_INDUSTRY = "form.industry"  # field
    FORM_COORDINATES = "form.coordinates"  # field
    FORM_CERTIFICATE_NO = "form.certificate_no"  # field
    FORM_PART_MISSING = "form.part_missing"  # field, part
    FORM_NAME = "form.name"  # field
    FORM_TOO_FEW_ROWS = "form.too_few_rows"  # section, least
    FORM_TOO_MANY_ROWS = "form.too_many_rows"  # section, most
    # the catalogue
    ITEM_UNKNOWN = "item.unknown"  # item_code
    ITEM_LISTED_ONLY = "item.listed_only"  # item_code, name
    ITEM_NOT_YET = "item.not_yet"  # item_code, name, start
    ITEM_SUSPENDED = "item.suspended"  # item_code, name
    ITEM_RETIRED = "item.retired"  # item_code, name, successor
    ITEM_EXISTS = "item.exists"  # item_code
    ITEM_ORGAN_UNKNOWN = "item.organ_unknown"  # organ_code
    ITEM_DOCUMENT_INVALID = "item.document_invalid"  # count, problems
    ITEM_BREAKS_RULES = "item.breaks_rules"  # count, findings
    ITEM_VERSION_NOT_OPEN = "item.version_not_open"  # status
    ITEM_DRAFT_EXISTS = "item.draft_exists"  # number
    ITEM_WRONG_STATUS = "item.wrong_status"  # status, needed
    ITEM_CODE_FIXED = "item.code_fixed"  # item_code, given
    ITEM_CHECK_OWN_WORK = "item.check_own_work"  # editor
    ITEM_REASON_MISSING = "item.reason_missing"
    ITEM_NOTHING_CHANGED = "item.nothing_changed"
    ITEM_FILE_UNREADABLE = "item.file_unreadable"  # reason

    # files
    FILE_EMPTY = "file.empty"
    FILE_NOT_CHOSEN = "file.not_chosen"
    FILE_TOO_LARGE = "file.too_large"  # most (MB)
    FILE_KIND_NOT_ALLOWED = "file.kind_not_allowed"  # ending, allowed
    FILE_CONTENT_DIFFERS = "file.content_differs"  # ending, actual
    FILE_OLD_OFFICE = "file.old_office"
    FILE_DAMAGED = "file.damaged"
    FILE_ENCRYPTED = "file.encrypted"
    FILE_ACTIVE = "file.active"
    FILE_EXPANDS = "file.expands"
    FILE_IMAGE_TOO_LARGE = "file.image_too_large"  # width, height, most (million pixels)

    # everywhere
    NOT_FOUND = "common.not_found"
    STALE = "common.stale"  # kind, actor, at
    PERMISSION_MISSING = "common.permission_missing"  # needed
    DATES_REVERSED = "common.dates_reversed"  # since, until
    REASON_TOO_SHORT = "common.reason_too_short"  # least
    MESSAGE_NOT_DEAD = "outbox.message_not_dead"
    MESSAGE_TEMPLATE_BROKEN = "message.template_broken"  # sentence
    MESSAGE_TEMPLATE_FACT = "message.template_fact"  # name
    MESSAGE_TEMPLATE_EMPTY = "message.template_empty"
    MESSAGE_TEMPLATE_STATE = "message.template_state"
    MESSAGE_NOT_ON_GUEST_LIST = "message.not_on_guest_list"
    MESSAGE_LEGAL = "message.legal"
    MESSAGE_WEBHOOK_ADDRESS = "message.webhook_address"
    MESSAGE_HOURS = "message.hours"
    PARAMETER_UNKNOWN = "parameter.unknown"  # key
    PARAMETER_BACKDATED = "parameter.backdated"  # key, effective_from
    PARAMETER_VALUE = "parameter.value"  # key

    # people and posts
    MANDATE_MISSING = "mandate.missing"
    MANDATE_NOT_YOURS = "mandate.not_yours"
    MANDATE_TO_ONESELF = "mandate.to_oneself"
    MANDATE_AGENT_UNKNOWN = "mandate.agent_unknown"
    IDENTITY_TAKEN = "person.identity_taken"
    ENTERPRISE_KNOWN = "enterprise.known"  # uscc
    STAFF_NO_TAKEN = "officer.staff_no_taken"  # staff_no
    POST_TO_ONESELF = "officer.post_to_oneself"
    POST_HELD = "officer.post_held"
    SECTION_OF_OTHER_ORGAN = "officer.section_of_other_organ"
    SUBSTITUTE_ONESELF = "officer.substitute_oneself"
    SECTION_EXISTS = "registry.section_exists"  # name
    WINDOW_EXISTS = "registry.window_exists"  # hall, number
    RULE_OTHER_ORGAN = "registry.rule_other_organ"  # item_code

    # applications
    APPLICATION_STALE = "application.stale"  # saved_at
    APPLICATION_CLOSED = "application.closed"  # case_no
    APPLICATION_INCOMPLETE = "application.incomplete"  # count, missing
    APPLICATION_MATERIAL_UNKNOWN = "application.material_unknown"  # code
    MATERIAL_MISSING = "application.material_missing"  # name
    APPLICATION_WRONG_APPLICANT = "application.wrong_applicant"  # name

    # cases
    SLIP_UNKNOWN = "case.slip_unknown"
    CASE_WRONG_STATE = "case.wrong_state"  # step, state
    CASE_SAME_PERSON = "case.same_person"  # stage, before
    CASE_NOT_IN_HAND = "case.not_in_hand"  # holder
    CASE_NOT_REPORTED = "case.not_reported"
    VALIDITY_PAST = "case.validity_past"  # on
    SUPPLEMENT_EMPTY = "case.supplement_empty"
    SUPPLEMENT_TWICE = "case.supplement_twice"
    SUPPLEMENT_NOTHING = "case.supplement_nothing"
    TRACKING_NO_MISSING = "case.tracking_no_missing"
    WITNESS_MISSING = "case.witness_missing"
    RECALL_NOT_YOURS = "case.recall_not_yours"
    RECALL_TOO_LATE = "case.recall_too_late"  # minutes
    CONSULTATION_OPEN = "case.consultation_open"  # section
    CONSULTATION_ANSWERED = "case.consultation_answered"
    EXTENSION_DAYS = "case.extension_days"  # most
    EXTENSION_TOO_LATE = "case.extension_too_late"
    EXTENSION_TWICE = "case.extension_twice"
    VOID_NOT_PROPOSED = "case.void_not_proposed"
    VOID_SAME_PERSON = "case.void_same_person"
    SPECIAL_ALREADY = "case.special_already"
    SPECIAL_ASKED = "case.special_asked"
    SPECIAL_NOT_ASKED = "case.special_not_asked"
    SPECIAL_SAME_PERSON = "case.special_same_person"
    SPECIAL_DAYS = "case.special_days"  # most
    URGED_TODAY = "case.urged_today"
    PROCEDURE_NOT_LISTED = "case.procedure_not_listed"  # name
    NO_CANDIDATE = "case.no_candidate"  # stage

    # cards and rules of supervision
    CARD_WRONG_STATE = "card.wrong_state"  # step, state
    CARD_NOT_YOURS = "card.not_yours"
    CARD_NO_ANSWER_DUE = "card.no_answer_due"
    CARD_APPEAL_TOO_LATE = "card.appeal_too_late"  # until
    CARD_APPEALED_ONCE = "card.appealed_once"
    CARD_INVOLVED = "card.involved"
    RULE_WAITS = "rule.waits"  # waits_for
    RULE_BACKDATED = "rule.backdated"  # earliest
    RULE_THRESHOLD = "rule.threshold"  # name
    RULE_UNCHANGED = "rule.unchanged"
    RULE_SAME_PERIOD = "rule.same_period"  # effective_from

    # supervision orders and accountability
    ORDER_WRONG_STATE = "order.wrong_state"  # step, state
    ORDER_EXISTS = "order.exists"  # number
    ORDER_CASE_UNKNOWN = "order.case_unknown"  # number
    ORDER_OTHER_ORGAN = "order.other_organ"  # organ
    ORDER_OWN_REPLY = "order.own_reply"
    ORDER_NOT_EXTENDABLE = "order.not_extendable"  # kind
    ORDER_EXTENSION_DAYS = "order.extension_days"  # most
    ORDER_EXTENSION_LATE = "order.extension_late"
    ORDER_EXTENSION_TWICE = "order.extension_twice"
    ORDER_EXTENSION_NONE = "order.extension_none"
    ORDER_EXTENSION_BY_ISSUER = "order.extension_by_issuer"  # issuer
    ADMONITION_WRONG_STATE = "admonition.wrong_state"  # state
    ADMONITION_ONESELF = "admonition.oneself"
    ADMONITION_SAME_JUDGE = "admonition.same_judge"
    # leads and spot checks
    LEAD_SETTLED = "lead.settled"  # number, state
    LEAD_INFORMATION = "lead.information"  # rule
    LEAD_WITHOUT_ORGAN = "lead.without_organ"  # number
    LEAD_OWN = "lead.own"
    HOURS_PAST = "hours.past"
    HOURS_BACKWARD = "hours.backward"
    SAMPLE_MONTH_RUNNING = "sample.month_running"  # month
    SAMPLE_NOT_REFUSED = "sample.not_refused"  # number
    SAMPLE_WITHOUT_CHECKPOINT = "sample.without_checkpoint"  # month

    # scores and circulars
    SCORE_TABLE_INVALID = "score.table_invalid"  # count, problems
    SCORE_TABLE_OWN_WORK = "score.table_own_work"
    SCORE_TABLE_BACKDATED = "score.table_backdated"  # month
    SCORE_LOCK_TOO_EARLY = "score.lock_too_early"  # on
    SCORE_EXISTS = "score.exists"  # month
    SCORE_PUBLISHED = "score.published"  # month
    SCORE_NOT_PUBLISHED = "score.not_published"  # month
    SCORE_PUBLISH_TOO_EARLY = "score.publish_too_early"  # on
    SCORE_APPEALS_OPEN = "score.appeals_open"  # count
    SCORE_APPEAL_TOO_LATE = "score.appeal_too_late"  # until
    SCORE_APPEAL_OPEN = "score.appeal_open"
    SCORE_INVOLVED = "score.involved"
    SCORE_MARK_OUT_OF_RANGE = "score.mark_out_of_range"  # min, max
    SCORE_INDICATOR_UNKNOWN = "score.indicator_unknown"
    PEER_GROUP_EXISTS = "peer_group.exists"  # code
    PEER_GROUP_TAKEN = "peer_group.taken"  # organ, group
    BULLETIN_EXISTS = "bulletin.exists"  # month
    BULLETIN_WRONG_STATE = "bulletin.wrong_state"  # state
    BULLETIN_OWN_DRAFT = "bulletin.own_draft"
    SEAL_WAITING = "seal.waiting"
    WHAT_IF_NOBODY_LEFT = "what_if.nobody_left"  # stage
    WHAT_IF_NO_CASES = "what_if.no_cases"
    # knowledge
    ARTICLE_EXISTS = "article.exists"  # key
    ARTICLE_WRONG_STATE = "article.wrong_state"  # state
    ARTICLE_OWN_WORDS = "article.own_words"
    ARTICLE_PERSONAL_DATA = "article.personal_data"  # found
    ARTICLE_ENGLISH_HALF = "article.english_half"
    ARTICLE_FILE_UNREADABLE = "article.file_unreadable"  # line
    RECTIFICATION_WRONG_STATE = "rectification.wrong_state"  # step, state
    RECTIFICATION_OWN_CAUSE = "rectification.own_cause"
    RECTIFICATION_OTHER_ORGAN = "rectification.other_organ"
    RECTIFICATION_HIGHER_LEVEL = "rectification.higher_level"
    RECTIFICATION_WITHOUT_EVIDENCE = "rectification.without_evidence"
    RECTIFICATION_WITHOUT_PLAN = "rectification.without_plan"
    RECTIFICATION_SAME_REVIEWER = "rectification.same_reviewer"
    RECTIFICATION_TOOK_PART = "rectification.took_part"
    RECTIFICATION_NOT_CONCERNED = "rectification.not_concerned"
    RECTIFICATION_APPEAL_TOO_LATE = "rectification.appeal_too_late"  # until
    RECTIFICATION_APPEALED_ALREADY = "rectification.appealed_already"
    RECTIFICATION_NO_APPEAL = "rectification.no_appeal"
    RECTIFICATION_REOPENED_ALREADY = "rectification.reopened_already"
    RECTIFICATION_REOPEN_TOO_LATE = "rectification.reopen_too_late"  # until
    RECTIFICATION_ATTEMPTS_LEFT = "rectification.attempts_left"  # least
    RECTIFICATION_NO_NAME = "rectification.no_name"
    # ratings
    RATING_LEVEL = "rating.level"
    RATING_REASON = "rating.reason"
    RATING_TOO_EARLY = "rating.too_early"
    RATING_CLOSED = "rating.closed"  # until
    RATING_GIVEN = "rating.given"
    RATING_ASKED = "rating.asked"
    RATING_NOBODY_SERVED = "rating.nobody_served"
    RATING_NOT_YOURS = "rating.unknown"  # the same for another's and for none
    RATING_OWN_SERVICE = "rating.own_service"
    RATING_NOT_GIVEN = "rating.not_given"
    RATING_FOLLOWED_UP = "rating.followed_up"
    RATING_FOLLOW_UP_LATE = "rating.follow_up_late"  # until
    RATING_TEXT_JUDGED = "rating.text_judged"
    RATING_LINK = "rating.link"

    # machines of a hall
    DEVICE_CODE_WRONG = "device.code_wrong"
    DEVICE_CODE_TAKEN = "device.code_taken"
    DEVICE_WINDOW_MISSING = "device.window_missing"
    DEVICE_WINDOW_ELSEWHERE = "device.window_elsewhere"  # hall
    DEVICE_REVOKED = "device.revoked"
    DEVICE_HELP_NOT_CALLED = "device.help_not_called"
    DEVICE_NONE_AT_WINDOW = "device.none_at_window"  # window

    # the hall's queue
    QUEUE_UNKNOWN = "queue.unknown"
    QUEUE_SHUT = "queue.shut"  # queue
    QUEUE_CODE_TAKEN = "queue.code_taken"  # code
    QUEUE_LETTER_TAKEN = "queue.letter_taken"  # letter
    QUEUE_WITHOUT_WINDOW = "queue.without_window"
    HALL_SHUT = "hall.shut"  # hours
    HALL_SHUT_TODAY = "hall.shut_today"
    HALL_HOURS_UNREADABLE = "hall.hours_unreadable"  # text
    TICKET_UNKNOWN = "ticket.unknown"
    TICKET_WRONG_STATE = "ticket.wrong_state"  # state, step
    TICKET_OPEN = "ticket.open"  # label
    TICKET_NONE_SERVED = "ticket.none_served"
    TICKET_AT_OTHER_WINDOW = "ticket.at_other_window"  # label
    TICKET_CALLED_OFTEN = "ticket.called_often"  # label, most
    TICKET_RETURN_LATE = "ticket.return_late"  # minutes
    TICKET_REOPEN_LATE = "ticket.reopen_late"  # label
    TICKET_PHONE_NEEDED = "ticket.phone_needed"
    TICKET_OF_OTHER_DAY = "ticket.of_other_day"
    TICKET_CASE_UNKNOWN = "ticket.case_unknown"  # number
    WINDOW_BUSY = "window.busy"  # label
    WINDOW_TAKEN = "window.taken"  # who
    WINDOW_SHUT = "window.shut"
    WINDOW_WITHOUT_QUEUE = "window.without_queue"
    WINDOW_OF_OTHER_ORGAN = "window.of_other_organ"

    # letters
    LETTER_WRONG_STATE = "letter.wrong_state"  # step, state
    LETTER_NOT_YOURS = "letter.not_yours"  # side
    LETTER_IN_OTHER_HANDS = "letter.in_other_hands"  # holder
    LETTER_REPLY_IN_WRITING = "letter.reply_in_writing"
    LETTER_NEEDS_APPROVAL = "letter.needs_approval"
    LETTER_OWN_DRAFT = "letter.own_draft"
    LETTER_LEVEL_UP = "letter.level_up"
    LETTER_FINDING_MISSING = "letter.finding_missing"
    LETTER_EXTENSION_DAYS = "letter.extension_days"  # most
    LETTER_EXTENSION_LATE = "letter.extension_late"
    LETTER_EXTENSION_TWICE = "letter.extension_twice"
    LETTER_EXTENSION_NONE = "letter.extension_none"
    LETTER_EXTENSION_OWN = "letter.extension_own"
    LETTER_URGED_TODAY = "letter.urged_today"
    LETTER_ADDED_OFTEN = "letter.added_often"
    LETTER_REOPENED_ONCE = "letter.reopened_once"
    LETTER_REOPEN_TOO_LATE = "letter.reopen_too_late"  # until
    LETTER_TOOK_PART = "letter.took_part"
    LETTER_MERGE_ITSELF = "letter.merge_itself"
    LETTER_MERGE_ENDED = "letter.merge_ended"  # number
    LETTER_HIDDEN = "letter.hidden"
    LETTER_TIP_ONLY = "letter.tip_only"
    LETTER_NOT_PUBLISHABLE = "letter.not_publishable"
    LETTER_PUBLISH_PERSONAL = "letter.publish_personal"  # found
    LETTER_PUBLISH_OWN = "letter.publish_own"
    LETTER_PUBLICATION_NONE = "letter.publication_none"
    LETTER_CONVERSION_WAITS = "letter.conversion_waits"  # what
    LETTER_NO_ACCOUNT = "letter.no_account"
    LETTER_CATEGORY_UNKNOWN = "letter.category_unknown"  # code
    LETTER_CATEGORY_EXISTS = "letter.category_exists"  # name
    LETTER_RULE_EXISTS = "letter.rule_exists"
    LETTER_TEMPLATE_EXISTS = "letter.template_exists"  # name
    LETTER_TICKET_KNOWN = "letter.ticket_known"  # key
    LETTER_TOO_MANY_FILES = "letter.too_many_files"  # most

    # appointments, agency service, the village
    SCHEDULE_NO_WEEKDAY = "schedule.no_weekday"
    SCHEDULE_HOURS_BACKWARD = "schedule.hours_backward"
    SCHEDULE_MINUTES = "schedule.minutes"  # least, most
    SCHEDULE_CAPACITY = "schedule.capacity"  # most
    SCHEDULE_EXTENDED_TOO_LONG = "schedule.extended_too_long"  # most
    SCHEDULE_TOO_LONG = "schedule.too_long"  # most
    SCHEDULE_HOLDS_NEVER = "schedule.holds_never"
    SCHEDULE_ENDED = "schedule.ended"
    CLOSURE_EXISTS = "closure.exists"  # on
    CLOSURE_PAST = "closure.past"  # on
    SLOT_FULL = "slot.full"
    SLOT_CLOSED = "slot.closed"
    SLOT_TOO_LATE = "slot.too_late"  # minutes
    SLOT_OTHER_PLACE = "slot.other_place"
    CHECK_IN_TOO_EARLY = "appointment.check_in_too_early"  # opens
    CHECK_IN_TOO_LATE = "appointment.check_in_too_late"  # ended
    APPOINTMENT_UNKNOWN = "appointment.unknown"
    APPOINTMENT_WRONG_STATE = "appointment.wrong_state"  # state
    APPOINTMENT_OTHER_HALL = "appointment.other_hall"  # hall
    APPOINTMENT_TWICE = "appointment.twice"
    APPOINTMENT_TOO_MANY = "appointment.too_many"  # most
    APPOINTMENT_PAUSED = "appointment.paused"  # until, missed, within
    APPOINTMENT_NO_ADDRESS = "appointment.no_address"
    APPOINTMENT_OBJECTED = "appointment.objected"
    APPOINTMENT_NOT_ASSIGNED = "appointment.not_assigned"
    PHONE_CODE_WRONG = "phone.code_wrong"
    PHONE_CODE_SPENT = "phone.code_spent"
    PHONE_CODES_SENT = "phone.codes_sent"
    AGENCY_WRONG_STATE = "agency.wrong_state"  # step, state
    AGENCY_NOT_YOURS = "agency.not_yours"
    OFFICER_LEFT = "officer.left"  # name
    OFFICER_UNKNOWN = "officer.staff_no_unknown"  # staff_no
    FILING_LEVEL = "filing.level"  # name
    FILING_NO_CONSENT = "filing.no_consent"
    FILING_MANDATE_ENDED = "filing.mandate_ended"  # until
    HALL_EXISTS = "registry.hall_exists"  # code
    HALL_REGION = "registry.hall_region"


class Refusal(Exception):
    """One "no" with its facts; a door turns it into a page, a form error or problem+json."""

    def __init__(self, code: RefusalCode, /, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """`case.wrong_state (state=OPEN, step=DECIDE)`: for logs and tests, never for people."""
        if not self.facts:
            return self.code.value
        return f"{self.code.value} ({', '.join(f'{name}={value}' for name, value in self.facts.items())})"
