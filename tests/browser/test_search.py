"""The search finds places, with the sentence, from a server and from files."""

import pytest

SEARCH = "search.html?q="


@pytest.fixture(params=["server", "files"])
def found(request, visit):
    """A function that searches and returns the results: links, and what stands below."""
    root = request.getfixturevalue("server") if request.param == "server" else None

    def search(words):
        with visit(SEARCH + words, root=root) as (page, complaints):
            page.wait_for_function(
                "document.getElementById('search-status').textContent"
            )
            results = page.locator("#search-results li").evaluate_all(
                """items => items.map((item) => [item.querySelector("a").href,
                item.querySelector("a").textContent, item.querySelector("p").textContent])"""
            )
            status = page.locator("#search-status").inner_text()
            assert complaints == []
            return status, results

    return search


def test_results_are_sections_with_their_sentence(found):
    status, results = found("checkerboard")
    assert f"{len(results)} sections" in status or f"best {len(results)}" in status
    for link, heading, sentence in results:
        assert ".html?highlight=checkerboard#" in link
        assert "checkerboard" in f"{heading} {sentence}".lower()
    first = [link for link, _, _ in results[:3]]
    assert any("03_the_transpose" in link for link in first)


def test_a_name_of_the_library_is_found_at_its_place(found):
    _, results = found("conv_transpose_output_shape")
    assert results[0][0].endswith("#convae_lib.conv_transpose_output_shape")


@pytest.mark.parametrize("word", ["AUROC", "weave", "nat", "excess"])
def test_a_term_is_found_where_it_is_defined(found, word):
    _, results = found(word)
    assert any(f"#term-{word}" in link for link, _, _ in results[:3])


def test_all_words_must_be_there_and_none_is_said_to_be_missing(found):
    status, results = found("zebra+convolution")
    assert results == []
    assert "zebra convolution" in status


def test_a_result_leads_to_the_words_and_marks_them(visit):
    with visit(SEARCH + "needle") as (page, complaints):
        page.locator("#search-results a").first.click()
        page.wait_for_selector("span.highlighted")
        assert "#" in page.url
        assert complaints == []


def test_the_field_of_any_page_leads_to_the_search(visit):
    with visit("chapters/03_the_transpose.html") as (page, complaints):
        page.keyboard.press("Control+k")
        field = page.locator("#pst-search-dialog input[type=search]")
        field.fill("adjoint")
        field.press("Enter")
        page.wait_for_selector("#search-results li")
        assert page.locator(".bd-search-container input").input_value() == "adjoint"
        assert complaints == []
