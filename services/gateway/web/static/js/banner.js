// The banner over the page: the server raises it with what a part adds, and is told what is shown already. It is
// told of whose view the page is, too, so that no part of another is put into it.

export function bannerHeader() {
  const label = document.getElementById("banner-top")?.dataset.label;
  const view = { "Parley-View": document.body.dataset.view ?? "" };
  return label && label !== "null" ? { "Parley-Banner": label, ...view } : view;
}

export function withBanner(event) {
  Object.assign(event.detail.ctx.request.headers, bannerHeader());
}

export function raiseBanner(fresh) {
  for (const end of ["banner-top", "banner-bottom"]) {
    const now = fresh.getElementById(end);
    const shown = document.getElementById(end);
    if (!now || now.dataset.label === shown.dataset.label) continue;
    now.removeAttribute("hx-swap-oob");
    shown.replaceWith(now);
  }
}
