"""Words of the knowledge base, said alike by the portal and the desk. The Chinese is the message id."""

from django.utils.translation import gettext_lazy as _

from zhengtong.rules.knowledge import ArticleKind, ArticleState, EditionState, Topic, Unhelped

KINDS = {ArticleKind.ANSWER: _("问答"), ArticleKind.TERM: _("术语"), ArticleKind.STUDY: _("案例")}
TOPICS = {
    Topic.PREPAID: _("预付卡"),
    Topic.ECOMMERCE: _("电子商务"),
    Topic.TRADE: _("对外贸易"),
    Topic.OIL: _("成品油"),
    Topic.VEHICLES: _("汽车流通"),
    Topic.HOUSEHOLD: _("家政服务"),
    Topic.SUPPORT: _("补贴奖励"),
    Topic.CONSUMER: _("消费维权"),
    Topic.PROCEDURE: _("怎么办事"),
    Topic.HALL: _("大厅服务"),
}
STATES = {
    ArticleState.DRAFT: _("尚未发布"),
    ArticleState.PUBLISHED: _("已发布"),
    ArticleState.WITHDRAWN: _("已撤下"),
}
EDITION_STATES = {
    EditionState.DRAFT: _("起草中"),
    EditionState.CHECKING: _("待另一人审核"),
    EditionState.PUBLISHED: _("现行版本"),
    EditionState.SUPERSEDED: _("旧版本"),
    EditionState.DROPPED: _("未采用"),
}
UNHELPED = {
    Unhelped.OTHER: _("不是我要问的"),
    Unhelped.UNCLEAR: _("看不明白"),
    Unhelped.INCOMPLETE: _("说得不全"),
    Unhelped.OUTDATED: _("已经过时"),
    Unhelped.WRONG: _("内容有错"),
}
