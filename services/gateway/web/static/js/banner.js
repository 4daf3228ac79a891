// The banner over the page: the server raises it with what a part adds, and is told what is shown already.

export function bannerHeader() {
  const label = document.getElementById("banner-top")?.dataset.label;
  return label && label !== "null" ? { "Parley-Banner": label } : {};
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
