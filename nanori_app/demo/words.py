"""What the demo's people are called and what they write: names, agents' notes, letters. All invented."""

from collections.abc import Mapping
from dataclasses import dataclass

FAMILY = (
    ("相沢", "aizawa"), ("安藤", "ando"), ("池田", "ikeda"), ("今井", "imai"), ("岩崎", "iwasaki"),
    ("上野", "ueno"), ("内田", "uchida"), ("江口", "eguchi"), ("太田", "ota"), ("小川", "ogawa"),
    ("柏木", "kashiwagi"), ("片山", "katayama"), ("川村", "kawamura"), ("菊地", "kikuchi"), ("工藤", "kudo"),
    ("後藤", "goto"), ("坂本", "sakamoto"), ("桜井", "sakurai"), ("沢田", "sawada"), ("島田", "shimada"),
    ("杉山", "sugiyama"), ("高木", "takagi"), ("竹内", "takeuchi"), ("千葉", "chiba"), ("土屋", "tsuchiya"),
    ("中村", "nakamura"), ("西田", "nishida"), ("野口", "noguchi"), ("長谷川", "hasegawa"),
    ("原", "hara"), ("平野", "hirano"), ("福田", "fukuda"), ("藤井", "fujii"), ("本田", "honda"),
    ("前田", "maeda"), ("松本", "matsumoto"), ("三浦", "miura"), ("宮本", "miyamoto"), ("村上", "murakami"),
    ("森田", "morita"), ("安田", "yasuda"), ("山口", "yamaguchi"), ("横山", "yokoyama"), ("和田", "wada"),
)  # fmt: skip
GIVEN = (
    "明美", "一郎", "恵", "香里", "和也", "恭子", "健", "幸子", "悟", "静香", "真一", "達也",
    "千尋", "典子", "春樹", "久美", "真由美", "美穂", "康夫", "陽子", "悠斗", "葵", "蓮", "凛",
)  # fmt: skip
ENGLISH = (
    ("Alice Brown", "alice.brown"), ("Daniel Moore", "d.moore"), ("Priya Nair", "priya.nair"),
    ("Thomas Weber", "t.weber"), ("Grace Kim", "grace.kim"), ("Marco Rossi", "marco.rossi"),
    ("Sophie Martin", "sophie.m"), ("James O'Neill", "j.oneill"), ("Linh Tran", "linh.tran"),
    ("Anna Nowak", "anna.nowak"), ("Peter Larsen", "p.larsen"), ("Yuki Mori", "yuki.mori"),
    ("Rachel Green-Wood", "rachel.gw"), ("Carlos Vega", "c.vega"), ("Emma Wilson", "emma.w"),
)  # fmt: skip

NOTES: Mapping[str, tuple[str, ...]] = {
    "order": (
        "{ware}を1点ご注文。{day}着をご希望。代引き。",
        "電話でのご注文。{ware}を2点、のし不要。復唱済み。",
        "前回と同じ{ware}を希望。お届け先は登録どおり。",
        "{ware}の在庫を確認し、ご注文を承りました（{order}）。",
    ),
    "booking": (
        "{day}のご予約。{ware}。身長158cm、着付けあり。",
        "{ware}を{day}に仮予約。ご家族と相談して明日までに連絡とのこと。",
        "下見のご予約。{day}の午後、お二人で来店。",
    ),
    "fitting": (
        "着付けの時間を30分早めたいとのこと。着付け室に確認し、了承。",
        "来店の道順をご案内。駐車場2台分あり。",
        "ヘアセットの追加希望。予約表に追記済み。",
    ),
    "delivery": (
        "{order}が届いていないとのこと。配送会社で持ち戻り。{day}の午前に再配達を手配。",
        "発送日のお問い合わせ。{day}に発送予定とご案内。",
        "置き配を希望。配送会社へ連絡済み。",
        "追跡番号をご案内。到着は{day}の見込み。",
    ),
    "change": (
        "{order}のお届け日を{day}に変更。出荷前のため対応済み。",
        "{order}をキャンセル。返金は3営業日以内とご案内。",
        "お届け先の番地を訂正。配送伝票も差し替え。",
        "{ware}を1点追加。同梱で承りました。",
    ),
    "return": (
        "{ware}の返品希望。未開封、お客様ご都合。返送先をメールでお送りしました。",
        "サイズ違いへの交換を承りました（{order}）。送料はお客様負担とご案内、了承。",
        "返却の発送が1日遅れるとのこと。延長料金なしで承認（店長了承）。",
    ),
    "product": (
        "{ware}の違いについてご説明。検討してまた連絡とのこと。",
        "{ware}の再入荷時期のお問い合わせ。来月上旬の予定とご案内。",
        "ギフト包装の可否。無料で承れる旨ご案内。",
        "使い方のご相談。説明書の3ページ目をご案内し、解決。",
    ),
    "payment": (
        "領収書の宛名を変更して再発行。メールでお送りします。",
        "カードの二重請求ではとのお問い合わせ。与信の取り消しと確認、ご納得。",
        "請求書払いのご希望。法人のお客様用の手続きをご案内。",
    ),
    "defect": (
        "{ware}の破損。写真をメールでいただき、代品を{day}着で手配。",
        "中身が1点足りないとのこと。倉庫に確認し、不足分を発送。",
        "しみがあったとのお申し出。お詫びし、店長から折り返し。",
    ),
    "other": (
        "間違い電話。",
        "店舗の場所のお問い合わせ。地図のご案内をメールで送付。",
        "お褒めの言葉。梱包が丁寧だったとのこと。店長に共有。",
        "無言のため、一言申し上げて終話。",
    ),
}
NOTES_IN_ENGLISH: Mapping[str, tuple[str, ...]] = {
    "order": (
        "Ordered {ware}, one, delivery on {day}. Read back.",
        "Same as last time: {ware}. Gift card without message.",
        "Took an order for two of {ware} ({order}). Pays by card.",
    ),
    "delivery": (
        "{order} has not arrived. Carrier says customs; expected {day}.",
        "Gave the tracking number. Delivery expected {day}.",
        "Parcel went back to the depot. Second attempt on {day}, morning.",
    ),
    "change": (
        "Moved delivery of {order} to {day}. Not packed yet.",
        "Cancelled {order}. Refund within three working days.",
        "Corrected the postcode. Label replaced.",
    ),
    "return": (
        "Wants to return {ware}, unopened. Sent the return address by mail.",
        "Exchange for tea bags agreed ({order}).",
    ),
    "product": (
        "Asked how to brew {ware}: 80 degrees, two minutes.",
        "Caffeine in {ware}? Explained, will think about it.",
        "{ware} is back in stock next month. Put on the list.",
    ),
    "payment": ("Receipt with company name, sent by mail.", "Charged twice? One was only a hold."),
    "defect": ("{ware} arrived broken. Replacement on {day}.", "One tin missing from {order}. Sent today."),
    "other": ("Wrong number.", "Kind words about the packing. Passed on.", "Asked for the shop's address."),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One exchange: subject, what the shopper writes, what the agent answers."""

    subject: str
    text: str
    answer: str


LETTERS: Mapping[str, tuple[Letter, ...]] = {
    "order": (
        Letter(
            "{ware}のまとめ買いについて",
            "はじめまして。{ware}を10点ほど購入したいのですが、{day}までに届きますでしょうか。\n"
            "会社の行事で使います。よろしくお願いいたします。",
            "お問い合わせいただき、ありがとうございます。\n"
            "{ware}10点、在庫がございます。本日中にご注文いただければ、{day}のお届けに間に合います。\n"
            "ご不明な点がございましたら、お気軽にお知らせください。",
        ),
    ),
    "booking": (
        Letter(
            "{day}の予約について",
            "{day}に{ware}を借りたいのですが、まだ空きはありますか。\n身長は163cmです。着付けもお願いしたいです。",
            "ご連絡ありがとうございます。\n{day}は午前9時と11時にお席がございます。"
            "ご希望の時間をお知らせくださいませ。{ware}は身長163cmの方にもお召しいただけます。",
        ),
    ),
    "fitting": (
        Letter(
            "着付けの持ち物",
            "{day}に着付けをお願いしています。当日は何を持っていけばよいでしょうか。",
            "お問い合わせありがとうございます。\n肌着と足袋はこちらでご用意しております。"
            "前開きのお洋服でお越しいただければ、ほかにお持ちいただくものはございません。",
        ),
    ),
    "delivery": (
        Letter(
            "注文した商品が届きません（{order}）",
            "お世話になります。注文番号{order}の{name}です。\n"
            "{day}着の予定でしたが、まだ届いておりません。状況を教えていただけますか。",
            "{name}様\n\nこのたびはご心配をおかけし、申し訳ございません。\n"
            "お調べしたところ、荷物は配送会社の営業所にございました。本日の夕方に改めてお届けいたします。\n"
            "ご不便をおかけしましたことを、お詫び申し上げます。",
        ),
        Letter(
            "発送はいつになりますか",
            "先日{ware}を注文しました（{order}）。発送の連絡がまだ来ていないのですが、いつごろになりますか。",
            "お問い合わせありがとうございます。\nご注文{order}は、{day}に発送いたします。"
            "発送いたしましたら、追跡番号をメールでお知らせいたします。",
        ),
    ),
    "change": (
        Letter(
            "お届け日の変更（{order}）",
            "注文番号{order}ですが、{day}は不在になってしまいました。翌日の午前中に変更できますか。",
            "ご連絡ありがとうございます。\nお届けを翌日の午前中に変更いたしました。ほかの内容に変わりはございません。",
        ),
        Letter(
            "キャンセルしたいです",
            "間違えて2回注文してしまったようです。{order}のほうを取り消してください。",
            "承知いたしました。\nご注文{order}を取り消しました。お支払いの返金は、3営業日ほどで反映されます。",
        ),
    ),
    "return": (
        Letter(
            "返品の方法を教えてください",
            "{ware}ですが、思っていたものと違ったため返品したいです。未開封です。手順を教えてください。",
            "お問い合わせありがとうございます。\nお届けから8日以内で未開封でしたら、返品を承ります。"
            "同封の納品書を入れて、着払いではなく元払いでお送りくださいませ。",
        ),
    ),
    "product": (
        Letter(
            "{ware}について質問",
            "{ware}は、贈り物用に包装していただけますか。また、メッセージカードは付けられますか。",
            "お問い合わせありがとうございます。\nはい、{ware}は無料で包装いたします。"
            "カードは50文字まで承りますので、ご注文の備考欄にお書きください。",
        ),
        Letter(
            "再入荷の予定",
            "{ware}が品切れのようですが、再入荷の予定はありますか。",
            "ご連絡ありがとうございます。\n{ware}は、来月の上旬に入荷する予定でございます。"
            "入荷しだいメールでお知らせすることもできますので、ご希望でしたらご返信ください。",
        ),
    ),
    "payment": (
        Letter(
            "領収書をお願いします",
            "{order}の領収書を、宛名「株式会社あおば企画」で発行していただけますか。",
            "かしこまりました。\nご指定の宛名で領収書をお作りし、PDFでお送りいたします。少々お待ちくださいませ。",
        ),
    ),
    "defect": (
        Letter(
            "届いた商品が壊れていました",
            "本日{ware}が届きましたが、箱がつぶれて中身も傷んでいました。交換をお願いします。\n注文番号は{order}です。",
            "{name}様\n\n大切なお品を傷んだ状態でお届けし、誠に申し訳ございません。\n"
            "すぐに代わりのお品を手配し、{day}にお届けいたします。お手元のお品は、そのまま処分してくださってかまいません。",
        ),
    ),
    "other": (
        Letter(
            "お礼",
            "先日は丁寧に対応していただき、ありがとうございました。また利用します。",
            "うれしいお言葉をありがとうございます。スタッフ一同、励みになります。"
            "またのご利用を心よりお待ちしております。",
        ),
    ),
}
LETTERS_IN_ENGLISH: Mapping[str, tuple[Letter, ...]] = {
    "order": (
        Letter(
            "Ordering {ware} for our office",
            "Hello,\nwe would like twelve of {ware} for our office by {day}. Can you do that?\nBest, {name}",
            "Dear {name},\n\nwith pleasure. If you order today, the parcel reaches you by {day}.\n"
            "Let us know if you would like an invoice to the company.",
        ),
    ),
    "delivery": (
        Letter(
            "Where is my order {order}?",
            "Hi, order {order} was due on {day} and has not come yet. Could you check? Thanks, {name}",
            "Dear {name},\n\nsorry to keep you waiting. Your parcel has cleared customs this morning; the "
            "carrier delivers it within two days. We will keep an eye on it.",
        ),
    ),
    "change": (
        Letter(
            "Change of address for {order}",
            "Hello, we have moved. Please send {order} to the address in my account, not the old one.",
            "Thank you for telling us in time. The parcel now goes to your new address.",
        ),
    ),
    "return": (
        Letter(
            "Returning {ware}",
            "Good afternoon, I would like to send back {ware}. It is unopened. How do I do that?",
            "No trouble at all. Please put the delivery note into the box and send it to the address on it; "
            "we refund you on the day it arrives.",
        ),
    ),
    "product": (
        Letter(
            "Question about {ware}",
            "Is {ware} suitable for cold brewing? And how much per litre?",
            "It is, and delicious. Take 12 grams for a litre and leave it in the refrigerator overnight.",
        ),
    ),
    "payment": (
        Letter(
            "Receipt for {order}",
            "Could I have a receipt for {order} with the name of my company (Bluebell Ltd.) on it?",
            "Of course. The receipt is attached to the confirmation that we have just sent you again.",
        ),
    ),
    "defect": (
        Letter(
            "Broken on arrival",
            "My {ware} arrived in pieces today (order {order}). Very sad. Can you replace it?",
            "Dear {name},\n\nhow annoying, and we are sorry. A new one is on its way and arrives on {day}. "
            "There is no need to send anything back.",
        ),
    ),
    "other": (
        Letter(
            "Thank you",
            "Just a note to say that your colleague on the telephone was wonderful.",
            "Thank you for taking the time to write. We have passed it on, with a cup of tea.",
        ),
    ),
}
THANKS = ("ありがとうございました。助かりました。", "Thank you, that helps.")
WELCOME = (
    "ご丁寧にご返信をいただき、ありがとうございます。またいつでもお知らせください。",
    "You are very welcome. Do write again whenever you need us.",
)
GREETING = ("{brand}カスタマーサポート", "The team at {brand}")
