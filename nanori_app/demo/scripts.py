"""The talk script of each shop of the cast; the coffee shop's branches."""

from collections.abc import Mapping
from datetime import date, timedelta

from scripts_talk.campaigns import CampaignFacts
from scripts_talk.conditions import Answer, Condition
from scripts_talk.steps import Branch, CapturedField, Goods, Step, Wording
from scripts_talk.upsell import Advertised, Term
from scripts_talk.values import FieldKind, Situation, StepKind

NUMBER = CapturedField(key="order", label="ご注文番号", kind=FieldKind.ORDER_NUMBER)
NAME = CapturedField(key="name", label="お名前", required=True)
PHONE = CapturedField(key="phone", label="折り返し先のお電話番号", kind=FieldKind.PHONE)
BY_NUMBER = "番号がわからないときは、お電話番号とご注文日で探します。"


def _choice(key: str, label: str, *choices: str) -> CapturedField:
    return CapturedField(key=key, label=label, kind=FieldKind.CHOICE, choices=choices)


def _shop_talk(*, about: Step, warning: str, closing: str) -> tuple[Step, ...]:
    """The five steps that shops share; only the third is the shop's own."""
    return (
        Step(title="ご用件", say="お電話ありがとうございます。ご用件をお伺いいたします。", hint=warning),
        Step(
            title="ご本人の確認",
            say="恐れ入りますが、ご注文番号とお名前をお聞かせいただけますでしょうか。",
            hint=BY_NUMBER,
            fields=(NUMBER, NAME),
        ),
        about,
        Step(
            title="復唱と折り返し先",
            say="復唱いたします。念のため、お電話番号をお聞かせください。",
            hint="日付・個数・金額は必ず復唱します。",
            fields=(PHONE,),
        ),
        Step(title="締め", say=closing),
    )


CLOSING = "ミナト珈琲の担当が承りました。お電話ありがとうございました。失礼いたします。"
COFFEE = (
    Step(
        key="about",
        title="ご用件",
        say="お電話ありがとうございます。ご用件をお伺いいたします。",
        wordings=(
            Wording(
                say="お待たせいたしました。ご用件をお伺いいたします。",
                when=Condition(situations=frozenset({Situation.AFTER_WAIT})),
            ),
        ),
        hint="定期便の休止は、次回お届けの5日前まで承れます。",
        fields=(_choice("about", "ご用件", "ご注文", "配送", "定期便の解約", "その他"),),
    ),
    Step(
        key="who",
        title="ご本人の確認",
        say="恐れ入りますが、ご注文番号とお名前をお聞かせいただけますでしょうか。",
        hint=BY_NUMBER,
        fields=(NUMBER, NAME),
        branches=(
            Branch(to="stop", when=Condition(answer=Answer(field="about", value="定期便の解約"))),
            Branch(to="beans", when=Condition(answer=Answer(field="about", value="ご注文"))),
        ),
        then="repeat",
    ),
    Step(
        key="beans",
        title="豆と挽き方",
        say="豆のままと粉、どちらでお届けいたしましょうか。",
        hint="粉のときは器具（ペーパー・金属・エスプレッソ）もうかがいます。焙煎は水曜と土曜です。",
        fields=(
            _choice("grind", "挽き方", "豆のまま", "中挽き", "細挽き", "粗挽き"),
            _choice("roast", "焙煎", "浅煎り", "中煎り", "深煎り"),
        ),
    ),
    Step(
        key="drip",
        title="冬のドリップバッグ",
        kind=StepKind.OFFER,
        goods=Goods(code="DRIP-WINTER"),
        say="広告でご案内しております冬のドリップバッグ（10袋入り1,980円）も、ご一緒にいかがでしょうか。",
        then="repeat",
    ),
    Step(
        key="stop",
        title="定期便の解約",
        kind=StepKind.CANCELLATION,
        say="定期便の解約を承りました。次回のお届けからお止めいたします。解約の手数料はかかりません。",
    ),
    Step(
        key="repeat",
        title="復唱と折り返し先",
        say="復唱いたします。念のため、お電話番号をお聞かせください。",
        hint="日付・個数・金額は必ず復唱します。",
        fields=(PHONE,),
    ),
    Step(key="bye", title="締め", say=CLOSING),
)


def winter_campaign(today: date) -> CampaignFacts:
    """What ミナト珈琲 advertises: the bags with all their terms, as one order."""
    shown = frozenset(Term) - {Term.PERIOD}
    return CampaignFacts(
        code="winter",
        name="冬のチラシ",
        first_day=today - timedelta(days=14),
        last_day=today + timedelta(days=365),
        goods=(Advertised(code="DRIP-WINTER", name="冬のドリップバッグ 10袋", shown=shown),),
    )


SCRIPTS: Mapping[str, tuple[str, tuple[Step, ...]]] = {
    "minato-coffee": ("受注とお問い合わせ", COFFEE),
    "hanakage": (
        "お花のご注文",
        _shop_talk(
            about=Step(
                title="用途とお届け",
                say="どのようなご用途のお花でしょうか。お届けの日はお決まりでしょうか。",
                hint="お供えのときは、お色とメッセージ札の表書き（御供・御悔）を必ず確認します。",
                fields=(
                    _choice("use", "用途", "お祝い", "お誕生日", "お見舞い", "お供え", "その他"),
                    CapturedField(key="deliver_on", label="お届け日", kind=FieldKind.DATE),
                ),
            ),
            warning="当日のお届けは、正午までのご注文に限ります。",
            closing="花影フラワーの担当が承りました。心をこめてお作りいたします。ありがとうございました。",
        ),
    ),
    "tsukimi-kimono": (
        "ご予約と返却",
        _shop_talk(
            about=Step(
                title="日程とサイズ",
                say="ご利用の日と、お召しになる方の身長をお聞かせください。",
                hint="身長165cm以上は仕立てを選びます。前日夕方着で発送します。",
                fields=(
                    CapturedField(key="wear_on", label="ご利用日", kind=FieldKind.DATE, required=True),
                    CapturedField(key="height", label="身長"),
                    _choice("fitting", "着付け", "店頭で", "ご自宅で", "不要"),
                ),
            ),
            warning="ご利用日の7日前からキャンセル料がかかります（30%）。",
            closing="月見着物レンタルの担当が承りました。ご来店をお待ちしております。",
        ),
    ),
    "kodama-outdoor": (
        "お客様サポート",
        _shop_talk(
            about=Step(
                title="商品と使い方",
                say="どちらの商品についてでしょうか。ご使用の状況もお聞かせください。",
                hint="火器と登攀具の不具合は、使用を止めていただき、すぐにお店へつなぎます（!）。",
                fields=(
                    CapturedField(key="item", label="商品名・品番"),
                    _choice("state", "状態", "未使用", "使用1回", "使用数回以上"),
                ),
            ),
            warning="靴の交換は、室内での試し履きまで承れます。",
            closing="こだまアウトドアの担当が承りました。どうぞお気をつけて行ってらっしゃいませ。",
        ),
    ),
    "shirokuma-kids": (
        "おうけこたえ",
        _shop_talk(
            about=Step(
                title="お子さまと商品",
                say="お子さまの月齢と、商品をお聞かせいただけますか。",
                hint="けがのお申し出は、様子をうかがってから、すぐにお店へつなぎます（!）。",
                fields=(
                    CapturedField(key="age", label="月齢・年齢"),
                    _choice("wrap", "包装", "なし", "ギフト包装", "のし（御出産祝）"),
                ),
            ),
            warning="ギフト包装の有無を、ご注文のたびに確認します。",
            closing="しろくまキッズの担当がお受けしました。ありがとうございました。",
        ),
    ),
    "northwind-tea": (
        "Customer care",
        (
            Step(title="Reason for the call", say="How may I help you today?"),
            Step(
                title="Who is calling",
                say="May I have your order number and your name, please?",
                hint="No number? Look it up by telephone number and date of the order.",
                fields=(
                    CapturedField(key="order", label="Order number", kind=FieldKind.ORDER_NUMBER),
                    CapturedField(key="name", label="Name", required=True),
                ),
            ),
            Step(
                title="Tea and delivery",
                say="Would you like loose leaf or tea bags? And when would you like to have it?",
                hint="Parcels abroad take 6 to 10 days; customs may ask the receiver to pay.",
                fields=(
                    _choice("form", "Form", "Loose leaf", "Tea bags"),
                    CapturedField(key="deliver_on", label="Wanted by", kind=FieldKind.DATE),
                ),
            ),
            Step(
                title="Read back",
                say="Let me read that back to you.",
                fields=(CapturedField(key="phone", label="Number to call back", kind=FieldKind.PHONE),),
            ),
            Step(title="Goodbye", say="Thank you for calling Northwind Tea. Have a lovely day."),
        ),
    ),
}
