"""What a request's Accept header (RFC 9110, 12.5.1) prefers."""

from collections.abc import Collection

# A longer list says nothing more; it only costs.
_MOST_RANGES = 50


def weights(header: str, profiles: Collection[str] = ()) -> dict[str, float]:
    """Media range -> weight, in lower case; what cannot be read is left out.

    profiles: ranges with `; profile="…"` that mean something here. Any other profile's range counts as the one
    without, which is the nearest that there is.
    """
    found: dict[str, float] = {}
    for part in header.split(",")[:_MOST_RANGES]:
        name, *parameters = (one.strip() for one in part.split(";"))
        weight, kept = 1.0, [name.lower()]
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    weight = float(value)
                except ValueError:
                    weight = 0.0
            elif key.strip().lower() == "profile":
                kept.append(f'profile="{value.strip().strip(chr(34))}"')
        weight = weight if 0.0 <= weight <= 1.0 else 0.0
        found["; ".join(kept)] = weight
        found.setdefault(kept[0], weight if "; ".join(kept) not in profiles else 0.0)
    return found
