"""Knows every kind of journal entry, as `subject.past_participle`; the sentence for people stands at the doors.

Public kinds are shown to the applicant on the timeline; the others only to officers.
"""

from enum import StrEnum


class Kind(StrEnum):
    # a case
    CASE_SUBMITTED = "case.submitted"
    CASE_ACCEPTED = "case.accepted"
    CASE_DEEMED_ACCEPTED = "case.deemed_accepted"
    CASE_ACCEPTANCE_REFUSED = "case.acceptance_refused"
    CASE_SUPPLEMENT_REQUESTED = "case.supplement_requested"
    CASE_SUPPLEMENTED = "case.supplemented"
    CASE_LAPSED = "case.lapsed"
    CASE_WITHDRAWN = "case.withdrawn"
    CASE_DISPATCHED = "case.dispatched"
    CASE_FORWARDED = "case.forwarded"
    CASE_RETURNED = "case.returned"
    CASE_RECALLED = "case.recalled"
    CASE_CONSULTED = "case.consulted"
    CASE_CONSULTATION_ANSWERED = "case.consultation_answered"
    CASE_SUSPENDED = "case.suspended"
    CASE_RESUMED = "case.resumed"
    CASE_EXTENDED = "case.extended"
    CASE_SENT_UP = "case.sent_up"
    CASE_RESULT_BACK = "case.result_back"
    CASE_DECIDED = "case.decided"
    CASE_FINISHED = "case.finished"
    CASE_DELIVERED = "case.delivered"
    CASE_VOID_PROPOSED = "case.void_proposed"
    CASE_VOIDED = "case.voided"
    CASE_ARCHIVED = "case.archived"
    CASE_URGED = "case.urged"
    CASE_NOTED = "case.noted"
    CASE_MESSAGE_SENT = "case.message_sent"
    CASE_CORRECTED = "case.corrected"
    CASE_DEADLINE_MOVED = "case.deadline_moved"
    CASE_PAPER_ISSUED = "case.paper_issued"
    CASE_REVEALED = "case.revealed"
    CASE_IMPORTED = "case.imported"
    CASE_ACT_RECORDED = "case.act_recorded"
    # an item of the catalogue
    ITEM_CREATED = "item.created"
    ITEM_EDITED = "item.edited"
    ITEM_SENT_TO_CHECK = "item.sent_to_check"
    ITEM_CHECKED = "item.checked"
    ITEM_SENT_BACK = "item.sent_back"
    ITEM_PUBLISHED = "item.published"
    ITEM_SUSPENDED = "item.suspended"
    ITEM_RESUMED = "item.resumed"
    ITEM_RETIRED = "item.retired"
    ITEM_IMPORTED = "item.imported"
    # people
    OFFICER_APPOINTED = "officer.appointed"
    OFFICER_CHANGED = "officer.changed"
    OFFICER_LEFT = "officer.left"
    OFFICER_POST_GIVEN = "officer.post_given"
    OFFICER_POST_ENDED = "officer.post_ended"
    OFFICER_SUBSTITUTED = "officer.substituted"
    OFFICER_SUBSTITUTION_ENDED = "officer.substitution_ended"
    PERSON_REGISTERED = "person.registered"
    PERSON_CHANGED = "person.changed"
    PERSON_REVEALED = "person.revealed"
    ENTERPRISE_REGISTERED = "enterprise.registered"
    ENTERPRISE_CHANGED = "enterprise.changed"
    MANDATE_GIVEN = "mandate.given"
    MANDATE_REVOKED = "mandate.revoked"
    # a holiday notice
    CALENDAR_LOADED = "calendar.loaded"
    # a card of supervision (监察牌) and the rule behind it
    CARD_RAISED = "card.raised"
    CARD_ISSUED = "card.issued"
    CARD_ANSWERED = "card.answered"
    CARD_APPEALED = "card.appealed"
    CARD_UPHELD = "card.upheld"
    CARD_REVOKED = "card.revoked"
    CARD_CANCELLED = "card.cancelled"
    CARD_ESCALATED = "card.escalated"
    CARD_CLOSED = "card.closed"
    CARD_DEADLINE_MOVED = "card.deadline_moved"
    RULE_SEEDED = "rule.seeded"
    RULE_VERSIONED = "rule.versioned"
    # a supervision order
    ORDER_ISSUED = "order.issued"
    ORDER_RECEIVED = "order.received"
    ORDER_REPLIED = "order.replied"
    ORDER_VERIFIED = "order.verified"
    ORDER_REJECTED = "order.rejected"
    ORDER_CLOSED = "order.closed"
    ORDER_WITHDRAWN = "order.withdrawn"
    ORDER_EXTENSION_ASKED = "order.extension_asked"
    ORDER_EXTENDED = "order.extended"
    ORDER_EXTENSION_DECLINED = "order.extension_declined"
    ORDER_ESCALATED = "order.escalated"
    ORDER_DEADLINE_MOVED = "order.deadline_moved"
    # what a competent body decided about a person
    ADMONITION_DECIDED = "admonition.decided"
    ADMONITION_OBJECTED = "admonition.objected"
    ADMONITION_UPHELD = "admonition.upheld"
    ADMONITION_REVOKED = "admonition.revoked"
    ADMONITION_LIFTED = "admonition.lifted"
    # a lead (线索) about data that look made up, and the files drawn for a second look
    LEAD_FOUND = "lead.found"
    LEAD_EXTENDED = "lead.extended"
    LEAD_CONFIRMED = "lead.confirmed"
    LEAD_DISMISSED = "lead.dismissed"
    SAMPLE_DRAWN = "sample.drawn"
    SAMPLE_FILE_JUDGED = "sample.file_judged"
    HOURS_EXTENDED = "hours.extended"
    # scores, their tables and peer groups
    SCORE_LOCKED = "score.locked"
    SCORE_MARKED = "score.marked"
    SCORE_APPEALED = "score.appealed"
    SCORE_APPEAL_DECIDED = "score.appeal_decided"
    SCORE_RECOUNTED = "score.recounted"
    SCORE_CORRECTED = "score.corrected"
    SCORE_MONTH_LOCKED = "score_month.locked"
    SCORE_MONTH_PUBLISHED = "score_month.published"
    SCORE_TABLE_CREATED = "score_table.created"
    SCORE_TABLE_DRAFTED = "score_table.drafted"
    SCORE_TABLE_EDITED = "score_table.edited"
    SCORE_TABLE_APPROVED = "score_table.approved"
    PEER_GROUP_CREATED = "peer_group.created"
    PEER_GROUP_CHANGED = "peer_group.changed"
    # a circular of supervision (督查通报)
    BULLETIN_DRAFTED = "bulletin.drafted"
    BULLETIN_EDITED = "bulletin.edited"
    BULLETIN_REFRESHED = "bulletin.refreshed"
    BULLETIN_APPROVED = "bulletin.approved"
    BULLETIN_SENT_BACK = "bulletin.sent_back"
    BULLETIN_PUBLISHED = "bulletin.published"
    # a queue of a hall, and a ticket in it
    QUEUE_OPENED = "queue.opened"
    QUEUE_CHANGED = "queue.changed"
    TICKET_TAKEN = "ticket.taken"
    TICKET_CALLED = "ticket.called"
    TICKET_RECALLED = "ticket.recalled"
    TICKET_PASSED = "ticket.passed"
    TICKET_RETURNED = "ticket.returned"
    TICKET_TRANSFERRED = "ticket.transferred"
    TICKET_PINNED = "ticket.pinned"
    TICKET_STARTED = "ticket.started"
    TICKET_SERVED = "ticket.served"
    TICKET_LEFT = "ticket.left"
    TICKET_CLOSED = "ticket.closed"
    # what a bad rating sets off
    RECTIFICATION_OPENED = "rectification.opened"
    RECTIFICATION_DISPATCHED = "rectification.dispatched"
    RECTIFICATION_VERIFIED = "rectification.verified"
    RECTIFICATION_PROGRESSED = "rectification.progressed"
    RECTIFICATION_FIXED = "rectification.fixed"
    RECTIFICATION_EXPLAINED = "rectification.explained"
    RECTIFICATION_SET_ASIDE = "rectification.set_aside"
    RECTIFICATION_SENT_BACK = "rectification.sent_back"
    RECTIFICATION_APPEALED = "rectification.appealed"
    RECTIFICATION_APPEAL_GRANTED = "rectification.appeal_granted"
    RECTIFICATION_APPEAL_DECLINED = "rectification.appeal_declined"
    RECTIFICATION_REVISIT_TRIED = "rectification.revisit_tried"
    RECTIFICATION_REVISITED = "rectification.revisited"
    RECTIFICATION_REOPENED = "rectification.reopened"
    RECTIFICATION_REVEALED = "rectification.revealed"
    RECTIFICATION_DEADLINE_MOVED = "rectification.deadline_moved"
    # good ratings drawn to be asked about by phone
    RATING_SAMPLE_DRAWN = "rating_sample.drawn"
    RATING_SAMPLE_REVEALED = "rating_sample.revealed"
    RATING_SAMPLE_TOLD = "rating_sample.told"
    # an article of the knowledge base
    ARTICLE_DRAFTED = "article.drafted"
    ARTICLE_PROPOSED = "article.proposed"
    ARTICLE_IMPORTED = "article.imported"
    ARTICLE_EDITED = "article.edited"
    ARTICLE_SENT_TO_CHECK = "article.sent_to_check"
    ARTICLE_SENT_BACK = "article.sent_back"
    ARTICLE_PUBLISHED = "article.published"
    ARTICLE_REVISION_OPENED = "article.revision_opened"
    ARTICLE_REVISION_DROPPED = "article.revision_dropped"
    ARTICLE_REVIEWED = "article.reviewed"
    ARTICLE_REVIEW_MOVED = "article.review_moved"
    ARTICLE_OWNER_CHANGED = "article.owner_changed"
    ARTICLE_WITHDRAWN = "article.withdrawn"
    # a rating (好差评); the rater is named in none of them
    RATING_GIVEN = "rating.given"
    RATING_FOLLOWED_UP = "rating.followed_up"
    RATING_EXCLUDED = "rating.excluded"
    RATING_TEXT_PUBLISHED = "rating.text_published"
    RATING_TEXT_WITHHELD = "rating.text_withheld"
    # a machine of a hall, and the notices its boards show
    DEVICE_PAIRED = "device.paired"
    DEVICE_PAIRED_AGAIN = "device.paired_again"
    DEVICE_CONNECTED = "device.connected"
    DEVICE_MOVED = "device.moved"
    DEVICE_REVOKED = "device.revoked"
    DEVICE_HELP_CALLED = "device.help_called"
    DEVICE_HELP_ANSWERED = "device.help_answered"
    DEVICE_RATING_ASKED = "device.rating_asked"
    HALL_NOTICE_POSTED = "hall_notice.posted"
    HALL_NOTICE_TAKEN_DOWN = "hall_notice.taken_down"
    # a message template in the words of this house, and the guest list of a house on trial
    TEMPLATE_DRAFTED = "template.drafted"
    TEMPLATE_DROPPED = "template.dropped"
    TEMPLATE_PUBLISHED = "template.published"
    GUEST_LISTED = "guest.listed"
    GUEST_STRUCK = "guest.struck"
    # a letter (来信): consultation, complaint, suggestion, report, tip
    LETTER_RECEIVED = "letter.received"
    LETTER_ROUTED = "letter.routed"
    LETTER_RETURNED = "letter.returned"
    LETTER_TAKEN = "letter.taken"
    LETTER_DRAFTED = "letter.drafted"
    LETTER_REPLIED = "letter.replied"
    LETTER_SENT_BACK = "letter.sent_back"
    LETTER_EXTENSION_ASKED = "letter.extension_asked"
    LETTER_EXTENDED = "letter.extended"
    LETTER_EXTENSION_DECLINED = "letter.extension_declined"
    LETTER_MODERATED = "letter.moderated"
    LETTER_RECLASSIFIED = "letter.reclassified"
    LETTER_MERGED = "letter.merged"
    LETTER_TRANSFERRED = "letter.transferred"
    LETTER_REFUSED = "letter.refused"
    LETTER_CONVERTED = "letter.converted"
    LETTER_REVISITED = "letter.revisited"
    LETTER_CLOSED = "letter.closed"
    LETTER_CONFIRMED = "letter.confirmed"
    LETTER_REOPENED = "letter.reopened"
    LETTER_URGED = "letter.urged"
    LETTER_ADDED = "letter.added"
    LETTER_WITHDRAWN = "letter.withdrawn"
    LETTER_REVEALED = "letter.revealed"
    LETTER_PUBLICATION_PROPOSED = "letter.publication_proposed"
    LETTER_PUBLISHED = "letter.published"
    LETTER_PUBLICATION_DECLINED = "letter.publication_declined"
    LETTER_UNPUBLISHED = "letter.unpublished"
    LETTER_IMPORTED = "letter.imported"
    LETTER_DEADLINE_MOVED = "letter.deadline_moved"

    # schedules of the hall, days it is closed, appointments; agency service; filings in the village
    SCHEDULE_OPENED = "schedule.opened"
    SCHEDULE_ENDED = "schedule.ended"
    CLOSURE_ANNOUNCED = "closure.announced"
    CLOSURE_LIFTED = "closure.lifted"
    APPOINTMENT_BOOKED = "appointment.booked"
    APPOINTMENT_MOVED = "appointment.moved"
    APPOINTMENT_CANCELLED = "appointment.cancelled"
    APPOINTMENT_REMINDED = "appointment.reminded"
    APPOINTMENT_CHECKED_IN = "appointment.checked_in"
    APPOINTMENT_MISSED = "appointment.missed"
    APPOINTMENT_OBJECTED = "appointment.objected"
    APPOINTMENT_EXCUSED = "appointment.excused"
    APPOINTMENT_UPHELD = "appointment.upheld"
    APPOINTMENT_ASSIGNED = "appointment.assigned"
    APPOINTMENT_VISITED = "appointment.visited"
    APPOINTMENT_FAILED = "appointment.failed"
    APPOINTMENT_REVEALED = "appointment.revealed"
    AGENCY_REQUESTED = "agency.requested"
    AGENCY_ASSIGNED = "agency.assigned"
    AGENCY_NOTED = "agency.noted"
    AGENCY_DONE = "agency.done"
    AGENCY_DECLINED = "agency.declined"
    AGENCY_WITHDRAWN = "agency.withdrawn"
    FILING_MANDATED = "filing.mandated"
    FILING_FILED = "filing.filed"
    FILING_SUPPLEMENTED = "filing.supplemented"
    FILING_HANDED_OVER = "filing.handed_over"


# What the applicant reads on the tracking page. Inner acts (notes, consultations, reveals) stay inside.
PUBLIC_KINDS = frozenset(
    {
        Kind.CASE_SUBMITTED,
        Kind.CASE_ACCEPTED,
        Kind.CASE_DEEMED_ACCEPTED,
        Kind.CASE_ACCEPTANCE_REFUSED,
        Kind.CASE_SUPPLEMENT_REQUESTED,
        Kind.CASE_SUPPLEMENTED,
        Kind.CASE_LAPSED,
        Kind.CASE_WITHDRAWN,
        Kind.CASE_DISPATCHED,
        Kind.CASE_FORWARDED,
        Kind.CASE_RETURNED,
        Kind.CASE_SUSPENDED,
        Kind.CASE_RESUMED,
        Kind.CASE_EXTENDED,
        Kind.CASE_SENT_UP,
        Kind.CASE_RESULT_BACK,
        Kind.CASE_DECIDED,
        Kind.CASE_FINISHED,
        Kind.CASE_DELIVERED,
        Kind.CASE_VOIDED,
        Kind.CASE_URGED,
        Kind.CASE_DEADLINE_MOVED,
        Kind.CASE_IMPORTED,
        Kind.CASE_ACT_RECORDED,
    }
)
