"""What lives in web's memory between pages, visits, the relay and the analysers."""
