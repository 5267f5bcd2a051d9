"""Which first name is short for which? A small list of names usual in England, without marks, in lower case."""

FULL = {
    short: full
    for full, shorts in {
        "abigail": "abby abbie gail", "adam": "ad", "alexander": "alex alec sandy xander", "alexandra": "alex sandra lexi",
        "alfred": "alf alfie fred", "amelia": "millie amy mia", "andrew": "andy drew", "anthony": "tony ant",
        "benjamin": "ben benji benny", "bethany": "beth", "cameron": "cam", "catherine": "cath kate katie cathy kitty",
        "charlotte": "charlie lottie", "charles": "charlie chas chuck", "christopher": "chris kit topher",
        "christina": "chris tina chrissie", "daniel": "dan danny", "david": "dave davy", "dominic": "dom",
        "edward": "ed eddie ted teddy ned", "eleanor": "ellie nell nora", "elizabeth": "liz lizzie beth eliza betty libby",
        "emily": "em emmy", "emma": "em", "finley": "fin finn", "frances": "fran frankie", "francesca": "fran frankie",
        "frederick": "fred freddie freddy", "gabriel": "gabe", "george": "georgie", "georgia": "georgie",
        "gregory": "greg", "hannah": "han", "harold": "harry hal", "harriet": "hattie", "henry": "harry hal",
        "imogen": "immy", "isabella": "bella izzy isa", "isabelle": "izzy belle", "jacob": "jake", "james": "jim jimmy jamie jem",
        "jennifer": "jen jenny", "jessica": "jess jessie", "jonathan": "jon jonny johnny", "john": "jack johnny",
        "joseph": "joe joey", "josephine": "jo josie", "joshua": "josh", "katherine": "kate katie kath kathy kitty",
        "leonard": "leo len lenny", "leonardo": "leo", "lewis": "lew", "louise": "lou", "louis": "lou", "lucas": "luke",
        "lucy": "lu", "madeleine": "maddie maddy", "margaret": "maggie meg peggy", "matilda": "tilly mattie",
        "matthew": "matt matty", "maxwell": "max", "maximilian": "max", "megan": "meg", "michael": "mike mick mikey micky",
        "mohammed": "mo mohamed muhammad mohammad muhammed", "natalie": "nat", "natasha": "tasha nat",
        "nathan": "nate nat", "nathaniel": "nate nat", "nicholas": "nick nicky", "nicola": "nicky nikki", "oliver": "ollie olly",
        "olivia": "liv livvy", "oscar": "ozzy", "patricia": "pat tricia trish", "patrick": "pat paddy", "peter": "pete",
        "philip": "phil", "phillip": "phil", "rachel": "rach", "rebecca": "becca becky bex", "richard": "rich rick dick richie",
        "robert": "rob bob bobby robbie bert", "ronald": "ron ronnie", "rosemary": "rosie rose", "samantha": "sam sammy",
        "samuel": "sam sammy", "sarah": "sal", "sebastian": "seb", "sophia": "sophie soph", "stephanie": "steph",
        "stephen": "steve stevie", "steven": "steve stevie", "susan": "sue suzie", "theodore": "theo ted teddy",
        "theresa": "tess terry", "thomas": "tom tommy", "timothy": "tim timmy", "tobias": "toby", "victoria": "vicky tori",
        "vincent": "vince vinnie", "william": "will bill billy liam willy", "zachary": "zach zac zack",
    }.items()
    for short in shorts.split()
}  # fmt: skip


def plain_first_name(name: str) -> str:
    """The full form of a short name; another name as it is. A short name of two full ones stands for the last."""
    return FULL.get(name, name)
