from django.urls import URLPattern, URLResolver, path

from zhengtong.web.portal.letters import home, tip, track, write

urlpatterns: list[URLPattern | URLResolver] = [
    path("letters/", home.home, name="letters"),
    path("letters/mine/", home.mine, name="my_letters"),
    path("letters/figures/", home.public_figures, name="letter_figures"),
    path("letters/typical/", home.typical, name="typical_letters"),
    path("letters/typical/<code:number>/", home.typical_letter, name="typical_letter"),
    path("letters/tip/", tip.tip, name="letter_tip"),
    path("letters/track/", track.track, name="letter_track"),
    path("letters/write/", write.begin, name="letter_begin"),
    path("letters/give-up/", write.give_up, name="letter_give_up"),
    path("letters/write/<slug:page>/", write.write, name="letter_write"),
    path("letters/<code:number>/", track.letter, name="letter"),
    path("letters/<code:number>/sent/", track.sent, name="letter_sent"),
    path("letters/<code:number>/steps/<slug:name>/", track.step, name="letter_step"),
    path("letters/<code:number>/files/<int:attachment_id>/", track.file, name="letter_file"),
]
