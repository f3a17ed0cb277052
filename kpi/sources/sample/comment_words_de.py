"""Sentences of German-speaking clients. In each row: for a bad score, for a middling one, for a good one."""

OPENINGS = {
    "csat": (
        ("Damit sind wir nicht zufrieden.", "Das war leider enttäuschend.", "Ehrlich gesagt hatten wir mehr erwartet."),
        ("War in Ordnung, mehr nicht.", "Gemischte Gefühle.", "Im Großen und Ganzen okay."),
        ("Sehr zufrieden, danke!", "Tolles Gespräch, vielen Dank!", "Genau das, was wir gebraucht haben."),
    ),
    "nps": (
        (
            "Im Moment kann ich Sie nicht weiterempfehlen.",
            "Derzeit würde ich meinen Namen nicht dafür hergeben.",
            "Wir sehen uns gerade nach Alternativen um.",
        ),
        (
            "Empfehlen würde ich Sie, aber mit Einschränkungen.",
            "An den meisten Tagen ein guter Partner.",
            "Solide, aber noch nicht herausragend.",
        ),
        (
            "Habe Sie schon zweimal weiterempfohlen.",
            "Sie gehören für uns praktisch zum Team.",
            "Die beste Agentur, mit der wir bisher gearbeitet haben.",
        ),
    ),
    "ces": (
        ("Wir mussten viel zu oft nachfragen.", "Das war deutlich aufwendiger als nötig.", "Sehr mühsam, leider."),
        ("Weder leicht noch schwer.", "Es ging ein paarmal hin und her.", "Das ginge auch einfacher."),
        ("Einfacher geht es nicht.", "Eine Nachricht, und es war erledigt.", "Unkompliziert wie immer."),
    ),
}

TOPICS = {
    "speed": (
        (
            "Wir haben drei Tage auf eine erste Antwort gewartet.",
            "Die Reaktionszeiten sind seit letztem Monat deutlich schlechter.",
        ),
        ("Antworten kommen, manchmal erst auf Nachfrage.", "Diesmal etwas langsam, aber es hat geklappt."),
        ("Sie melden sich immer noch am selben Vormittag.", "Superschnell, trotz unserer kurzen Frist."),
    ),
    "quality": (
        (
            "Im Entwurf waren Fehler, die wir schon gemeldet hatten.",
            "Die Hälfte mussten wir selbst neu machen.",
        ),
        ("Ordentliche Arbeit, im Detail fehlt noch etwas.", "Zwei kleine Fehler in der Präsentation, sonst gut."),
        ("Die Qualität ist hervorragend.", "Unsere Geschäftsführung hat die Folien unverändert übernommen."),
    ),
    "people": (
        (
            "Seit der Übergabe kennt sich niemand mehr mit uns aus.",
            "Der neue Ansprechpartner hat unser Geschäft noch nicht verstanden.",
        ),
        (
            "Das Team ist nett, meldet sich aber selten von sich aus.",
            "Sympathisch, aber etwas unerfahren.",
        ),
        (
            "Mit Ihrem Team zu arbeiten macht Freude.",
            "Unsere Betreuerin kennt uns besser als wir uns selbst.",
        ),
    ),
    "results": (
        ("Die Zahlen gehen seit zwei Quartalen zurück.", "Die versprochenen Ergebnisse sehen wir nicht."),
        ("Ergebnisse im Plan, da geht noch mehr.", "Manche Kampagnen laufen, andere gar nicht."),
        ("Die Ergebnisse sprechen für sich.", "Unser bestes Quartal, und Sie haben großen Anteil daran."),
    ),
    "price": (
        ("Das Honorar lässt sich intern kaum noch begründen.", "Der Preis steigt, die Leistung nicht."),
        ("Gute Leistung, aber nicht gerade günstig.", "Fairer Preis, nur die Zusatzkosten summieren sich."),
        ("Jeden Euro wert.", "Preis und Leistung passen sehr gut."),
    ),
    "reporting": (
        ("Der Monatsbericht kam zu spät, und die Zahlen stimmten nicht.", "Aus den Berichten werden wir nicht schlau."),
        ("Der Bericht ist nützlich, aber zu lang.", "Die wichtigsten Zahlen bitte auf eine Seite."),
        ("Der neue Bericht trifft es genau.", "Klare Zahlen, klare nächste Schritte."),
    ),
    "planning": (
        (
            "Termine wurden zweimal verschoben, ohne uns zu fragen.",
            "Keine Agenda, kein Protokoll, keine Aufgaben.",
        ),
        ("Die Planung klappt, die Übergaben weniger.", "Wir wüssten gern früher, was Sie von uns brauchen."),
        ("Gut vorbereitet, pünktlich und auf den Punkt.", "Wir wissen immer, was als Nächstes kommt."),
    ),
}

CLOSINGS = (
    ("Bitte rufen Sie mich an.", "Darüber müssen wir vor der Verlängerung reden.", "Ich hoffe, das ändert sich bald."),
    ("Trotzdem danke.", "Luft nach oben.", "Mal sehen, wie der nächste Monat läuft."),
    ("Weiter so!", "Danke an alle Beteiligten.", "Wir freuen uns auf das nächste Mal :)"),
)
