"""Links that lead to a page with an element and say what it shows.

`[strides 2](../pages/explorer.md#strides=2)` names no place of that page but a setting,
which its element reads from the address. MyST would look for the place and warn. As the
link names a file of the repository, it also leads to the page's source in Jupyter.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class LinksToSettings(SphinxPostTransform):
    default_priority = 8  # before MyST resolves its links, at 9
    formats = ("html",)

    def run(self, **kwargs):
        for link in list(self.document.findall(addnodes.pending_xref)):
            setting = link.get("reftargetid") or ""
            if "=" in setting:
                page = self.app.builder.get_relative_uri(
                    self.env.docname, link["reftarget"]
                )
                address = f"{page}#{setting}"
                shown = nodes.reference("", "", *link, internal=True, refuri=address)
                link.replace_self(shown)


def setup(app):
    app.add_post_transform(LinksToSettings)
