"""Without a directory in the settings there is no way in by one."""


async def test_it_works(web):
    browser = web.browser()
    html = await (await browser.get("/console/login")).get_data(as_text=True)
    assert "/console/login/oidc" not in html
    for path in ("/console/login/oidc", "/console/login/oidc/back?code=a&state=b"):
        assert (await browser.get(path)).status_code == 401
