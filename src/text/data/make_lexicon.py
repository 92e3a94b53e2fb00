#!/usr/bin/env python3
"""Makes dicom-meanings.txt from the code meanings of PS3.16, as pydicom 3.0.2 lists them.

    python make_lexicon.py           writes dicom-meanings.txt beside this file
    python make_lexicon.py --check   fails if that file would change

The other lists beside this file are written by hand and read here, so that no word stands in two of them.
"""

import collections
import pathlib
import re
import sys

from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts

DATA = pathlib.Path(__file__).resolve().parent
HEAD = "# Words of the code meanings of PS3.16 that stand in no other list here.\n"
# No SRT, which repeats SCT, and no scheme of brands or of persons.
SCHEMES = ["DCM", "SCT", "NCIt", "RADLEX", "UCUM", "LN", "IBSI", "FMA", "NEU", "BARI", "I10", "UMLS", "MSH", "RXNORM"]
# Context groups of breeds, their registries and projections, which are full of names.
NO_GROUPS = {7480, 7481, 7486, 7490, 4012}
NO_MEANINGS = re.compile(r"breed|cattle|sheep|dog$|horse|goat|\(organism\)|language")
SHORTEST = 3

# Words that meanings have and that do not stay: eponyms, nationalities, relatives, names of persons and places.
DENIED = """
aberdeen african africangus ala alaska albers albert albino albères alentejana american amritmahal andalusian ang
anglo angora angus anjou antilles appaloosa aquitaine arabian arbuckle arcelin ariégeois asian aspen aunt australian
ayrshire baladi balanced balke bambara bambey barbados barka basset bassett batanes bath bayesian bazett beltsville
bernard bernthsen bertel bessel blackett blalock blonde boak bode bony boothby bordeaux borg borgou bouin boyd brabant
braford brahma brahmousin brahorn bralers brand brangus bravon brazilian brenner briquet british brittany broden
broselow brother bruce buckskin bud bulldogge bullet burman burmese bushuev butterworth cahoon caiua camarron
cambourgh campbell canadian canchim carazebu cardigan carlo carmine castaneda caucasian chamberlain chamoisee charbray
charford charmed chassard chausse chebyshev chesapeake chianina chitkara chitty cic clean cleaves clergy clumber
clydesdale cobb cockroft colcher congo corriedale cotswold couinaud county cousin coventry criollo cruz créole cuba
cuban daeng dagger dama damus danelius danish daughter daya dee dekalb delaine din dishty djakore doc doctor dodd
doubilet droughtmaster dru dunlap duroc dutch eastern ellestad elm english eraso eriksen español esur euler european
eustachian fallot father fisk fitzpatrick fjord fleck fleisch fleischner flemish floor fontan fox framingham francais
fridericia friend fries friesian fuchs galiceno gambian ganz garth gatei gauge gault gaynor gelbray gelbveih georgian
german ghana giacomini gieson gir girolando gloucester goldstein gorlin grand grandfather grandmother grandy grashey
griffon grunwald guadeloupe guardian guernsey gujarati guzerando gypsy haas hackney hadlock haflinger haigis hall
hampshire hanoverian hansmann hatton hawaiian hays heat hellman helly henschen hereford hertz hickey hispanic hodgkin
hoffer hohler holder holladay holly holstein holsteincattle holsteiner horned hough hounsfield house hsieh hubert
hughston hull hungarian hunter hunterian husband icelandic ijssel imagify imam indian iraqi irish ischerwood italian
jack jamaica janma janmahasatian janus japanese jeanty jenner jerdi jersey jersind jet jewelry joe joslin jotko judd
kandel kanem karakul karan kasabach kaye kemp kerley kerry keteku kill kit kite kleen kn kooikerhondje kuchendorf
kurtz kurzbauer kutta labrador lacombe lady lao laos laquerriere lauenstein lavinia law lawrence leishman leonberger
lessoway levenberg library lilienfeld limousin lindblom lipizzaner london longhorn lorenz lost love loyal luing lutz
lysholm mac madura mancha mandalong mangalizta mantiqueira marchigiana marfan marquardt masai mauritius mayden men
merchant merkel mertz merz meusse michel mirdose montdale monte mother mouflon murgese müller nakayama native-american
naughton navajo ndagu neelsen neer neighbor nellore neo nephew niece nimrod nolke nomarski norgaard normande normanzu
norwegian norwood nottingham nova nuba nyberg observer olinda operator ottonello pacific palomino palouse panama
parent partner paso pastor pawlow pembroke penner percheron perendale peruvian pia pied pierquin pietrain pindos pinto
pinzgau pinzgauer pirie pitangueiras pittsburgh poiseuille polish portuguese priest prinzmetal prussian rabbi rafer
rafert rambouillet rana ranger rano rastelli raynaud reader redbone redlands renitelo rex rheinberg rhese rhine ringer
riopardenze romanov romanowsky rombo romedale romnelet romney room rosenberg runge rustaqi rutherford saanen sabbagha
sabre sabueso sahford sahiwal saint saler salers sam san sanga sano santa schiff schwyz schönberg schüller scotia
scottish senning sepa sepp server settegast shetland shinozuka shire shorthorn shropshire sibling siboney simmental
sister sky skyros sole son southdown spanish spouse springer staffordshire stansel states staunig stecher stenver
student suisbu sunandini sussex swedish swiss sénarmont tad taino tamworth tan tarentaise targhee tarrant taussig
teichholz telomian teufel thibar tin titterington todaro tofts toggenburg toubou towne trakehner transylvanian tuarine
tunchang twining ukrainian uncle united valdini van vanner vasari vendéen verzasca victorian vieh viking waldeyer
warmer watusi welsh wessex westphalian wife wigby willis wiltshire wokalup wynne yarkoni york yorkshire yuca yucatan
zanelli zeboid zebu zenker ziehl zobel
"""

# Words that only occur with a capital and stay nevertheless: elements, drugs, taxa.
CAPITALS = """
accumbens acuity antihistamine assist association barium biomicroscope bromine buffered bulb celsius cesium committee
concept congestion cool copper deprivation dietary dilation disorders displaced dizziness dominance dry early edition
elevated emergency endoscope error evaluated expander extravasation fenestration fluorine flush formalin gadolinium
glands helium hiatus highly hydroxyapatite immunology inflation international interventricular intrahepatic
iodobenzylguanidine iodophenyl iridium krypton lactam leak lutetium manganese massage meter microinvasion
midventricular modification molecular nitrogen obstetrical ophthalmoscope oval ovale palladium pellet pentetreotide
phosphorus portosystemic practitioner prilocaine probably progressive pulsed pupil pvcs radiology radium radon ramus
rapid rash resistance restoration retinopathy reversible rhenium rotator rubidium samarium scandium secondary selenium
shoulder sigma stenotic strontium suspicious swelling tantalum terbium terminals therapist thrombus titanium
trendelenburg valsalva variant vitrectomy xenon yttrium zinc zirconium
"""


def meanings():
    """Every meaning with its scheme."""
    skipped = {
        (scheme, keyword)
        for group in NO_GROUPS
        for scheme, keywords in cid_concepts.get(group, {}).items()
        for keyword in keywords
    }
    for scheme in SCHEMES:
        for keyword, codes in concepts[scheme].items():
            if (scheme, keyword) in skipped:
                continue
            for meaning, groups in codes.values():
                if not NO_MEANINGS.search(meaning) and not set(groups) & NO_GROUPS:
                    yield scheme, meaning


def words_of_meanings():
    """Words of meanings without those that are eponyms or places by how they are written."""
    found, small, possessive = set(), set(), set()
    capital = collections.Counter()
    for scheme, meaning in meanings():
        tokens = re.findall(r"[^\W_]+(?:['\u2019]s)?", meaning)
        is_title = scheme != "SCT" and sum(token[:1].isupper() for token in tokens) > 1
        for place, token in enumerate(tokens):
            word = re.sub(r"['\u2019]s$", "", token)
            low = word.lower()
            if word != token:
                possessive.add(low)
            if not word.isalpha() or len(low) < 2:
                continue
            found.add(low)
            if not word[:1].isupper():
                small.add(low)
            elif place > 0 and not is_title and not word.isupper():
                capital[low] += 1
    suspect = {word for word in capital if word not in small} - set(CAPITALS.split())
    words = found - suspect - possessive - set(DENIED.split())
    return {word for word in words if len(word) >= SHORTEST}


def listed(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def main():
    words = words_of_meanings()
    for name in ["names-excluded.txt", "english.txt", "indonesian.txt", "technical.txt"]:
        words -= listed(name)
    text = HEAD + "".join(word + "\n" for word in sorted(words))
    path = DATA / "dicom-meanings.txt"
    if "--check" in sys.argv[1:]:
        if path.read_text(encoding="utf-8") != text:
            sys.exit("dicom-meanings.txt is not what this script makes")
    else:
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
