"""The thin layer over the domain: routes, sockets, pages, and the guards in front of them."""
