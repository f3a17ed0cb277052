"""Polish, formal in words that do not ask whether Pan or Pani reads them."""

from bot.tongues.spoken import Spoken

POLISH = Spoken(
    language="pl",
    add_comment="Dodaj komentarz",
    title="Komentarz",
    label="Komentarz",
    send="Wyślij",
    close="Anuluj",
    kept="Dziękujemy. Komentarz został zapisany.",
    tags_label="Czego to dotyczyło?",
    tags={
        "communication": "Komunikacja",
        "quality": "Jakość",
        "speed": "Szybkość",
        "expertise": "Wiedza fachowa",
        "price": "Cena",
        "results": "Rezultaty",
    },
    less="Proszę pytać rzadziej",
    stop="Proszę więcej nie pytać",
    undo="Cofnij",
    less_done="Rozumiemy. Będziemy pytać o połowę rzadziej.",
    stop_done="Rozumiemy. Nie będziemy więcej pytać.",
    undone="Gotowe. Będziemy pytać tak jak wcześniej.",
    reminder="Krótkie przypomnienie: to pytanie jest nadal otwarte. Odpowiedź jest dobrowolna.",
    held="Dziękujemy. Odpowiedź została zapisana.",
    page_title="Opinia o współpracy",
    page_scale="Proszę wybrać jedną odpowiedź",
    page_answered="Wybrana odpowiedź: {answer}",
    page_until="Odpowiedź można zmienić do dnia {day}.",
    page_change="Zmień odpowiedź",
    page_privacy=(
        "Odpowiedź widzi tylko zespół, który z Państwem współpracuje. Nigdy nie jest pokazywana na wspólnym kanale."
    ),
    page_anonymous="Odpowiedź jest anonimowa: zapisujemy ją bez imienia i nazwiska.",
    page_opt_out="Pytamy zbyt często?",
    page_closed="Ta ankieta jest już zamknięta, więc odpowiedź nie została zapisana. Mimo to dziękujemy.",
    page_unknown="Ten link jest nieprawidłowy lub już wygasł. O nowy można poprosić osobę, która go wysłała.",
    page_busy="To było trochę za szybko. Proszę odczekać minutę i spróbować ponownie.",
    page_too_long="Proszę skrócić komentarz: ma {characters} znaków, a limit to {most}.",
    page_sorry="Przepraszamy, wystąpił błąd po naszej stronie. Proszę spróbować ponownie. Numer błędu: {reference}",
    invitation=(
        "Dzień dobry {name},\n\nzależy nam na Państwa opinii: {question}\n\n"
        "Wystarczy jedno kliknięcie: {link}\n\nDziękujemy."
    ),
    subject="Jedno krótkie pytanie",
)
