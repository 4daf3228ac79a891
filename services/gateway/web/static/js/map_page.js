// The map page: the list and the map show each other what is chosen, and the address says where one looks.
import { colour } from "./basemap.js";

const RING_PIXELS = 13;
const URL_MS = 300;
const CLOSE_ZOOM = 9;

export function startMapPage(map, target) {
  const ring = new ol.source.Vector();
  map.addLayer(new ol.layer.Vector({ source: ring, style: ringStyle, zIndex: 30 }));
  lookWhereTheAddressSays(map);
  map.on("moveend", rememberIn("at", () => where(map)));
  document.addEventListener("parley:at", (event) => chosen(map, ring, event.target));
  map.on("singleclick", (event) => {
    const id = map.forEachFeatureAtPixel(event.pixel, (feature) => feature.get("id"), { hitTolerance: 6 });
    const row = id && document.getElementById(`row-${id}`);
    if (row) pick(row);
  });
  document.getElementById("rows")?.parentElement.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a")) pick(row);
  });
  const selected = document.querySelector("[data-row].at");
  if (selected) chosen(map, ring, selected);
  target.dataset.page = "ready";
}

function pick(row) {
  for (const one of document.querySelectorAll("[data-row].at")) one.classList.remove("at");
  row.classList.add("at");
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("parley:at", { bubbles: true }));
}

function chosen(map, ring, row) {
  ring.clear();
  remember("sel", row.dataset.id);
  if (!row.dataset.lon) { delete map.getTargetElement().dataset.ring; return; }
  const at = ol.proj.fromLonLat([Number(row.dataset.lon), Number(row.dataset.lat)]);
  ring.addFeature(new ol.Feature(new ol.geom.Point(at)));
  map.getTargetElement().dataset.ring = row.dataset.id;
  const view = map.getView();
  if (!ol.extent.containsCoordinate(view.calculateExtent(map.getSize()), at)) view.setCenter(at);
}

function ringStyle() {
  return [["--surface", 6], ["--ink", 3]].map(([token, width]) => new ol.style.Style({
    image: new ol.style.Circle({ radius: RING_PIXELS, stroke: new ol.style.Stroke({ color: colour(token), width }) }),
  }));
}

function where(map) {
  const view = map.getView();
  const [lon, lat] = ol.proj.toLonLat(view.getCenter());
  return [lon.toFixed(4), lat.toFixed(4), view.getZoom().toFixed(1)].join(",");
}

function lookWhereTheAddressSays(map) {
  const told = (new URLSearchParams(location.search).get("at") ?? "").split(",").map(Number);
  if (told.length !== 3 || !told.every(Number.isFinite)) return;
  map.getView().setCenter(ol.proj.fromLonLat(told.slice(0, 2)));
  map.getView().setZoom(told[2] || CLOSE_ZOOM);
}

function rememberIn(key, value) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(() => remember(key, value()), URL_MS); };
}

// Forms and links of the page are made for the address, so they are told too.

function remember(key, value) {
  const address = new URL(location.href);
  address.searchParams.set(key, value);
  history.replaceState(null, "", address);
  const save = document.querySelector("a.save-view");
  if (save) save.href = `/views/new?to=${encodeURIComponent(address.pathname + address.search)}`;
}
