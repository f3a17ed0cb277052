"""Japanese, polite."""

from bot.tongues.spoken import Spoken

JAPANESE = Spoken(
    language="ja",
    add_comment="コメントを追加",
    title="コメント",
    label="コメント",
    send="送信",
    close="キャンセル",
    kept="ありがとうございます。コメントを保存しました。",
    tags_label="どのような点についてですか。",
    tags={
        "communication": "コミュニケーション",
        "quality": "品質",
        "speed": "スピード",
        "expertise": "専門知識",
        "price": "価格",
        "results": "成果",
    },
    less="頻度を減らす",
    stop="今後は質問しない",
    undo="元に戻す",
    less_done="承知しました。ご質問の頻度を半分にいたします。",
    stop_done="承知しました。今後はご質問いたしません。",
    undone="変更しました。これまでどおりご質問いたします。",
    reminder="念のためのご連絡です。こちらの質問はまだ受け付けています。ご回答は任意です。",
    held="ありがとうございます。ご回答を保存しました。",
    page_title="ご意見",
    page_scale="回答を1つお選びください",
    page_answered="ご回答：{answer}",
    page_until="ご回答は{day}まで変更できます。",
    page_change="回答を変更",
    page_privacy="ご回答を見るのは担当チームのみです。共有チャンネルに表示されることはありません。",
    page_anonymous="ご回答は匿名です。お名前は保存されません。",
    page_opt_out="質問が多いと感じられますか。",
    page_closed="受付を終了したため、ご回答は保存されませんでした。お時間をいただき、ありがとうございました。",
    page_unknown="このリンクは無効か、有効期限が切れています。送信者に新しいリンクをご依頼ください。",
    page_busy="操作が早すぎたようです。1分ほど待ってから、もう一度お試しください。",
    page_too_long="コメントが{characters}文字あります。{most}文字以内に短くしてください。",
    page_sorry="申し訳ございません。エラーが発生しました。もう一度お試しください。参照番号：{reference}",
    invitation=(
        "{name}様\n\nよろしければ、ご意見をお聞かせください。\n{question}\n\n"
        "1クリックでご回答いただけます。\n{link}\n\nどうぞよろしくお願いいたします。"
    ),
    subject="1問だけのアンケート",
)
