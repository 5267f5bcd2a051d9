"""With which words did we ask for a choice? Words once shown are never changed: a new version is added."""

WORDING_VERSION = "2026-11"  # the one that is shown now

WORDS = {
    "2026-11": {
        ("photo", "owner"): "You may take photos and film with me in them to show what the day was like",
        ("photo", "guardian"): "You may take photos and film with them in it to show what the day was like",
        ("photo", "registrar"): "They may be in photos and film that show what the day was like",
        ("news", "owner"): "Send me news about later events by email",
        ("news", "registrar"): "They want news about later events by email",
    }
}


def words_shown(*, kind: str, giver: str, version: str = WORDING_VERSION) -> str:
    """The words that giver said yes to; the version's own name where we no longer know it."""
    return WORDS.get(version, {}).get((kind, giver), version)
