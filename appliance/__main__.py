"""``python -m appliance``: the same as the command ``vorzimmer``."""

from appliance.cli import main

if __name__ == "__main__":
    main()
