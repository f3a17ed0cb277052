"""Words names are made of; no list has a word twice."""

from types import MappingProxyType


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ROOTS = MappingProxyType(
    {
        "en": _words(
            """
            Ashdown Birchfield Blackwood Bramble Brightwater Caldwell Carrick Chalcot Clearway
            Copperline Cotswold Dunmore Eastgate Elmhurst Fairhaven Falcon Fernhill Foxglove
            Glenmore Greystone Halcyon Harbour Hawthorn Hazelmere Highgate Hollybrook Ironbridge
            Kestrel Kingfisher Larkspur Linden Lockwood Longford Lowell Marlowe Meadowbank Merrion
            Millbrook Moorland Northgate Oakley Orchard Pemberton Quayside Ravenscourt Redfern
            Riverside Rosewood Rowan Sandford Shannon Silverdale Somerton Stonebridge Swift
            Thornbury Tideway Underhill Wakefield Wexford Whitcombe Willowbank Wrenfield Yarrow
            """
        ),
        "de": _words(
            """
            Adler Ahorn Alpenblick Arendt Auerbach Bachmann Bergmann Birkenhof Brandt Brückner
            Buchwald Claussen Dornbusch Ebersberg Edelmann Eichberg Elbtal Falkenstein Feldmann
            Fichtner Friedrichs Gartner Giesecke Grünwald Hagemann Hartmann Heidekamp Hellweg
            Hirschberg Hofmeister Immental Jansen Kaltenbach Kessler Kirchner Königstein Krämer
            Kronberg Lehnhardt Lichtenfels Lindner Löwenstein Mainau Marquardt Mühlbauer Neumann
            Nordhorn Ostermann Petersen Rabenau Reinhardt Rheintal Rosenthal Sandmann Schilling
            Schönfeld Sommerfeld Steinbach Talheim Uhlenhorst Vogelsang Waldmann Weidner Zollern
            """
        ),
    }
)
TRADES = MappingProxyType(
    {
        "en": _words(
            """
            Analytics Apparel Architects Biotech Brewing Capital Care Catering Chemicals Clinics
            Construction Consulting Cosmetics Dental Digital Education Electronics Energy
            Engineering Estates Events Fitness Foods Furniture Games Hotels Housing Insurance
            Interiors Labs Logistics Media Mobility Outdoors Pharma Publishing Robotics Software
            Studios Travel
            """
        ),
        "de": _words(
            """
            Analytik Anlagenbau Antriebe Apotheken Architekten Automation Backwaren Bau Baustoffe
            Beratung Biotechnik Brauerei Chemie Druck Elektronik Energie Fahrradbau Gartenbau
            Gebäudetechnik Handel Haustechnik Hotels Immobilien Kliniken Kosmetik Kunststoffe
            Lebensmittel Logistik Maschinenbau Medien Medizintechnik Messtechnik Möbel Optik Pflege
            Reisen Sensorik Software Textil Verlag
            """
        ),
    }
)
CITIES = MappingProxyType(
    {
        "en": _words(
            """
            Bristol Cork Leeds Dublin Glasgow Cardiff Norwich Galway
            """
        ),
        "de": _words(
            """
            Bremen Dresden Graz Leipzig Linz Mainz Münster Zürich
            """
        ),
    }
)
FIRST = MappingProxyType(
    {
        "en": _words(
            """
            Aisling Alice Amy Andrew Aoife Ben Brian Callum Charlotte Ciara Claire Conor Daniel
            David Deirdre Eleanor Emily Emma Fiona Gareth George Grace Hannah Harry Imogen Isla Jack
            James Joanne Katie Laura Liam Lucy Mark Megan Niall Oliver Priya Rachel Tom
            """
        ),
        "de": _words(
            """
            Anja Anna Annika Bernd Birgit Christian Claudia Daniela David Elke Emre Eva Felix
            Florian Franziska Hannes Ines Jan Jana Jens Johanna Jonas Julia Katrin Lena Lukas Markus
            Martina Matthias Michael Nadine Nina Oliver Petra Sabine Simon Stefan Thomas Ute Yasemin
            """
        ),
    }
)
LAST = MappingProxyType(
    {
        "en": _words(
            """
            Adams Ahmed Allen Bailey Baker Barnes Bell Bennett Brennan Brooks Burke Byrne Carter
            Chapman Clarke Collins Cooper Davies Doyle Edwards Evans Fletcher Foster Gallagher
            Graham Green Hall Harris Hughes Jenkins Kaur Kelly Kennedy Lawson Lewis Lynch Marshall
            Mason Mitchell Moore Morgan Murphy Nolan Palmer Patel Phillips Price Quinn Reid Richards
            Roberts Ryan Shaw Singh Stewart Taylor Walsh Ward Watson Wright
            """
        ),
        "de": _words(
            """
            Albrecht Bauer Baumann Beck Becker Berger Böhm Busch Dietrich Engel Fischer Frank Fuchs
            Graf Günther Haas Hahn Heinrich Herrmann Hoffmann Horn Huber Jäger Kaiser Keller Klein
            Koch Köhler Kraus Krüger Kuhn Lang Lorenz Ludwig Maier Martin Mayer Meyer Möller Müller
            Otto Peters Pfeiffer Richter Roth Sauer Schäfer Schmidt Schneider Scholz Schulz Seidel
            Simon Vogel Wagner Weber Winkler Wolf Yilmaz Ziegler
            """
        ),
    }
)
