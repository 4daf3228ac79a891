// The map: packaged basemap, records as symbols of their kind, clusters as counts. It never moves unasked.
import { bannerHeader, raiseBanner } from "./banner.js";
import { drawBasemap } from "./basemap.js";
import { recordStyle } from "./symbols.js";
import { say } from "./strings.js";

const SETTLE_MS = 150;
const LIVE_MS = 800;
const MOST_ZOOM = 13;
// The size on which the policy's zoom shows the whole mission; a smaller map begins further out.
const WHOLE = { width: 640, height: 480 };

export async function startMap(target) {
  await load(target.dataset.library);
  const settings = JSON.parse(target.dataset.worldview);
  const records = new ol.source.Vector();
  const basemap = await drawBasemap(target.dataset.basemap, settings);
  const map = new ol.Map({
    target,
    controls: [new ol.control.Zoom({ zoomInTipLabel: say("zoomIn"), zoomOutTipLabel: say("zoomOut") }), new ol.control.ScaleLine()],
    interactions: ol.interaction.defaults.defaults({ onFocusOnly: true, altShiftDragRotate: false, pinchRotate: false }),
    layers: basemap.layers,
    view: new ol.View({
      center: ol.proj.fromLonLat([settings.centre.lon, settings.centre.lat]),
      zoom: firstZoom(target, settings.zoom), minZoom: 3, maxZoom: MOST_ZOOM, enableRotation: false,
    }),
  });
  map.addLayer(new ol.layer.Vector({ source: records, style: recordStyle, zIndex: 20 }));
  const refresh = refresher(map, records, target, basemap.near);
  map.on("moveend", () => refresh(SETTLE_MS));
  target.addEventListener("parley:changed", () => refresh(LIVE_MS));
  document.documentElement.addEventListener("parley:theme", () => repaint(map));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint(map));
  openOnAsking(map, target);
  if ("full" in target.dataset) (await import("./map_page.js")).startMapPage(map, target);
  target.dataset.ready = "yes";
}

function firstZoom(target, zoom) {
  const share = Math.min(target.clientWidth / WHOLE.width, target.clientHeight / WHOLE.height, 1);
  return zoom + Math.log2(Math.max(share, 0.25));
}

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

function repaint(map) {
  map.getLayers().forEach((layer) => layer.changed());
}

function refresher(map, records, target, near) {
  let timer = 0;
  let asked = 0;
  const fetchNow = async () => {
    const mine = ++asked;
    const answer = await fetch(address(map, target), { headers: { "HX-Request": "true", ...bannerHeader() } });
    if (answer.status === 204) location.reload();
    if (answer.status !== 200 || mine !== asked) return;
    const found = await answer.json();
    const read = new ol.format.GeoJSON().readFeatures(found, { featureProjection: "EPSG:3857" });
    raiseBanner(new DOMParser().parseFromString(found.banner, "text/html"));
    records.clear(true);
    records.addFeatures(read);
    twin(map, read, near);
    target.dataset.features = String(read.length);
  };
  return (delay) => {
    clearTimeout(timer);
    timer = setTimeout(() => fetchNow().catch(() => {}), delay);
  };
}

function address(map, target) {
  const extent = ol.proj.transformExtent(map.getView().calculateExtent(map.getSize()), "EPSG:3857", "EPSG:4326");
  const query = new URLSearchParams(location.search);
  query.set("bbox", extent.map((degrees, at) => Math.max(at % 2 ? -85 : -180, Math.min(at % 2 ? 85 : 180, degrees)).toFixed(4)).join(","));
  query.set("zoom", String(Math.round(map.getView().getZoom())));
  return `${target.dataset.source}?${query}`;
}

export function countOf(feature) {
  return Number(feature.get("count") ?? 1);
}

// The same records as a list: the accessible way to all of them.

function twin(map, features, near) {
  const total = features.reduce((sum, feature) => sum + countOf(feature), 0);
  document.getElementById("map-count").textContent = say("mapRecords", { n: total });
  const rows = [...features].sort((a, b) => countOf(b) - countOf(a)).map((feature) => twinRow(map, feature, near));
  document.getElementById("map-twin").replaceChildren(...rows);
}

function twinRow(map, feature, near) {
  const row = document.createElement("li");
  if (feature.get("id")) row.append(recordLink(feature));
  else {
    const button = document.createElement("button");
    button.className = "btn quiet";
    button.textContent = say("mapNear", { n: countOf(feature), place: near(feature.getGeometry().getCoordinates()) });
    button.addEventListener("click", () => zoomTo(map, feature));
    row.append(button);
  }
  return row;
}

function recordLink(feature) {
  const link = document.createElement("a");
  const title = feature.get("title") ?? {};
  link.href = `/records/${feature.get("id")}`;
  link.textContent = title.text ?? "";
  link.lang = title.lang ?? "";
  link.dir = "auto";
  return link;
}

function zoomTo(map, feature) {
  const view = map.getView();
  const box = feature.get("bbox");
  if (box && (box[0] < box[2] || box[1] < box[3])) {
    view.fit(ol.proj.transformExtent(box, "EPSG:4326", "EPSG:3857"), { padding: [48, 48, 48, 48], maxZoom: MOST_ZOOM, duration: 250 });
    return;
  }
  view.animate({ center: ol.extent.getCenter(feature.getGeometry().getExtent()), zoom: Math.min(view.getZoom() + 2, MOST_ZOOM), duration: 250 });
}

// A click on a symbol says what it is; Enter opens it; a click on a count looks closer.

function openOnAsking(map, target) {
  const tip = document.createElement("div");
  tip.className = "map-tip";
  tip.hidden = true;
  target.append(tip);
  map.on("pointermove", (event) => { target.style.cursor = at(map, event.pixel) ? "pointer" : ""; });
  map.on("singleclick", (event) => {
    const feature = at(map, event.pixel);
    tip.hidden = !feature?.get("id");
    if (!feature) return;
    if (!feature.get("id")) { zoomTo(map, feature); return; }
    tip.replaceChildren(recordLink(feature));
  });
  target.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
    if (event.key === "Enter" && event.target === target && !tip.hidden) tip.querySelector("a").click();
  });
}

function at(map, pixel) {
  return map.forEachFeatureAtPixel(pixel, (feature) => (feature.get("count") || feature.get("id") ? feature : undefined), { hitTolerance: 6 });
}
