"""What is said on the line, in the shop's language. Names are spoken by their reading."""

from dataclasses import dataclass

from tenants.models import Tenant

VOICES = {"ja": ("ja-JP", "Polly.Kazuha-Neural"), "en": ("en-US", "Polly.Joanna-Neural")}


@dataclass(frozen=True, slots=True)
class Speaker:
    """One shop's voice on the line."""

    locale: str
    brand_name: str
    brand_reading: str

    @property
    def language(self) -> str:
        return VOICES[self.locale][0]

    @property
    def voice(self) -> str:
        return VOICES[self.locale][1]

    def aloud(self, text: str) -> str:
        """A sentence of the shop as it is to be read out: the name by its reading."""
        if self.locale == "ja" and self.brand_reading:
            return text.replace(self.brand_name, self.brand_reading)
        return text

    def whisper(self) -> str:
        """What only the agent hears before the caller is there."""
        return f"{self.brand_reading}です。" if self.locale == "ja" else f"{self.brand_name}."

    def whisper_to_colleague(self) -> str:
        """What an agent hears who is asked by another one."""
        return (
            f"ご相談です。{self.whisper()}" if self.locale == "ja" else f"A colleague asks. {self.whisper()}"
        )

    def press_to_answer(self, whisper: str) -> str:
        """To an agent whose own telephone was rung for the call that the screen has confirmed."""
        if self.locale == "ja":
            return f"{whisper}お受けになる場合は、1を押してください。"
        return f"{whisper} Press 1 to take the call."

    def screen_is_away(self) -> str:
        """To an agent on their own telephone whose screen does not show the call any more."""
        if self.locale == "ja":
            return "画面とつながっていないため、お電話をおつなぎできません。画面をご確認ください。"
        return "Your screen cannot be reached, so the call is not connected. Please look at your screen."

    def passed_on(self) -> str:
        """To a caller who goes on to another desk."""
        if self.locale == "ja":
            return "担当の窓口におつなぎいたします。そのままお待ちください。"
        return "We are putting you through to the right team. Please stay on the line."

    def position(self, number: int) -> str:
        """Where in the queue the caller stands; 1 is next."""
        if self.locale == "ja":
            return f"ただいま{number}番目にお待ちいただいております。そのままお待ちください。"
        return f"You are number {number} in the queue. Please stay on the line."

    def expected(self, minutes: int, *, at_most: int) -> str:
        """How long the caller will still wait, rounded up; beyond ``at_most`` only that it is longer."""
        if minutes > at_most:
            ja = f"待ち時間は{at_most}分以上の見込みです。"
            en = f"We expect a wait of more than {at_most} minutes."
        elif minutes == 1:
            ja, en = "まもなくおつなぎできる見込みです。", "We expect to answer within a minute."
        else:
            ja = f"待ち時間はおよそ{minutes}分の見込みです。"
            en = f"We expect a wait of about {minutes} minutes."
        return ja if self.locale == "ja" else en

    def calling_an_agent(self) -> str:
        if self.locale == "ja":
            return "ただいま担当者をお呼びしております。そのままお待ちください。"
        return "We are calling an agent for you. Please stay on the line."

    def calling_the_shop(self) -> str:
        """To a caller for whom the shop's own people are being called."""
        if self.locale == "ja":
            return "ただいま店の担当者にお電話でつないでおります。そのまま少々お待ちください。"
        return "We are calling the shop for you. Please stay on the line."

    def press_for_callback(self) -> str:
        if self.locale == "ja":
            return "お待ちの順番のまま、折り返しのお電話をご希望の場合は、1を押してください。"
        return "To keep your place and be called back, press 1."

    def will_call_back(self, number: str) -> str:
        """The number's last figures, one by one: whoever hears a wrong one calls again."""
        tail = " ".join(number[-4:])
        if self.locale == "ja":
            return (
                f"承りました。順番がまいりましたら、末尾{tail}の番号に折り返しお電話いたします。"
                "お電話ありがとうございました。"
            )
        return f"Thank you. We will call the number ending in {tail} when it is your turn. Goodbye."

    def wrong_key(self) -> str:
        if self.locale == "ja":
            return "恐れ入りますが、もう一度お選びください。"
        return "Sorry, please choose again."

    def person(self) -> str:
        """After an answer of the menu."""
        if self.locale == "ja":
            return "担当者とお話しになる場合は、0を押してください。このままお切りいただいても結構です。"
        return "To speak to somebody, press 0. Otherwise you may hang up now."

    def closed(self) -> str:
        if self.locale == "ja":
            return f"お電話ありがとうございます。{self.brand_name}でございます。ただいま営業時間外です。"
        return f"Thank you for calling {self.brand_name}. We are closed at the moment."

    def leave_message(self) -> str:
        if self.locale == "ja":
            return (
                "発信音のあとに、お名前とご用件をお話しください。終わりましたら、シャープを押してください。"
            )
        return "Please leave your name and message after the tone, then press the pound key."

    def busy(self) -> str:
        if self.locale == "ja":
            return "ただいま電話が大変混み合っております。ご用件をお預かりし、折り返しご連絡いたします。"
        return "All lines are busy. Please leave a message and we will call you back."

    def message_taken(self) -> str:
        return (
            "ご用件を承りました。お電話ありがとうございました。"
            if self.locale == "ja"
            else "Thank you. Goodbye."
        )

    def rescue(self) -> str:
        if self.locale == "ja":
            return "通話が途切れ、申し訳ございません。すぐに別の担当者におつなぎいたします。"
        return "We are sorry, the line was interrupted. We are connecting you again."

    def hold(self) -> str:
        return "少々お待ちください。" if self.locale == "ja" else "One moment, please."

    def goodbye(self) -> str:
        return "お電話ありがとうございました。" if self.locale == "ja" else "Thank you for calling. Goodbye."

    def calling(self) -> str:
        """The first words when we call a shopper and a notice follows."""
        return f"{self.brand_name}でございます。" if self.locale == "ja" else f"This is {self.brand_name}."

    def sorry_for_calling(self) -> str:
        """We rang, but nobody of ours is there any more."""
        if self.locale == "ja":
            return (
                f"{self.brand_name}でございます。恐れ入りますが、あらためてお電話いたします。失礼いたします。"
            )
        return f"This is {self.brand_name}. We are sorry; we will call you again."

    def caller_gone(self) -> str:
        return "お客様が電話を切られました。" if self.locale == "ja" else "The caller has hung up."

    def screen(self) -> str:
        """What a contact of the shop hears; only a pressed 1 connects."""
        if self.locale == "ja":
            return (
                f"ナノリです。{self.brand_name}様宛の緊急のお電話です。おつなぎする場合は1を押してください。"
            )
        return f"This is Nanori with an urgent call for {self.brand_name}. Press 1 to take it."

    def question_waits(self) -> str:
        """To one of the shop's people; names neither shopper nor subject."""
        if self.locale == "ja":
            return (
                f"ナノリです。{self.brand_name}様へのご確認が一件あります。"
                "内容をご覧いただける場合は、1を押してください。"
            )
        return f"This is Nanori. A question waits for {self.brand_name}. Press 1 if you will look at it."

    def question_seen(self) -> str:
        if self.locale == "ja":
            return "ありがとうございます。管理画面の、窓口からの確認をご覧ください。失礼いたします。"
        return "Thank you. Please sign in and look at the questions from the desk. Goodbye."

    def contact_summary(self) -> str:
        return "担当者におつなぎします。" if self.locale == "ja" else "Connecting you to the agent."

    def shopper_comes(self) -> str:
        """To a contact who has taken a caller for whom nobody else was there."""
        return "お客様におつなぎします。" if self.locale == "ja" else "Connecting you to the caller."

    def handled(self) -> str:
        if self.locale == "ja":
            return "この件は、すでに対応が済んでおります。失礼いたします。"
        return "This has already been taken care of. Goodbye."


def speaker_of(shop: Tenant) -> Speaker:
    return Speaker(shop.locale, shop.brand_name, shop.brand_reading)


NOT_IN_SERVICE = "おかけになった電話番号は、現在使われておりません。番号をお確かめください。"
NOT_IN_SERVICE_EN = "The number you have dialled is not in service."
SORRY = "申し訳ございません。ただいま、おつなぎできません。恐れ入りますが、あらためておかけ直しください。"
A_MOMENT = "申し訳ございません。少々お待ちください。"
FALLBACK = "お電話ありがとうございます。申し訳ございません。ただいま電話がつながりにくくなっております。"
FALLBACK_MESSAGE = "発信音のあとに、お名前とお電話番号、ご用件をお話しください。折り返しご連絡いたします。"
FALLBACK_MESSAGE_EN = (
    "We cannot take your call now. Please leave your name, number and message after the tone."
)
MESSAGE_TAKEN = "ご用件を承りました。お電話ありがとうございました。"
