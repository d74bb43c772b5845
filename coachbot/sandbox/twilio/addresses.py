"""How WhatsApp names a person: by its number, or by an id for one business (BSUID)."""


def external_id(address: str) -> str:
    """The id that WhatsApp gives a person for one business (BSUID), by its `whatsapp:+...`."""
    return f"GB.1000{address.partition('+')[2]}"


def number_of(address: str) -> str:
    """The `whatsapp:+...` of a person who is written to by its BSUID, or by its number."""
    return address.replace("whatsapp:GB.1000", "whatsapp:+")
