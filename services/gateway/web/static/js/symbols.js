// Symbols show the kind of record, never who is friend or foe: circle, square, diamond; counts in a disc.
import { colour } from "./basemap.js";

const RADIUS_METRES = { near: 1_000, settlement: 5_000, district: 25_000, province: 100_000, country: 400_000 };
const SYMBOL_PIXELS = 7;

export function recordStyle(feature, resolution) {
  if (!feature.get("id")) return cluster(Number(feature.get("count") ?? 0));
  const symbol = new ol.style.Style({ image: shape(feature.get("kind")) });
  const metres = feature.get("radius_metres") ?? RADIUS_METRES[feature.get("precision")] ?? 0;
  return metres / resolution > SYMBOL_PIXELS * 2 ? [coarse(feature, metres), symbol] : symbol;
}

function shape(kind) {
  const paint = {
    fill: new ol.style.Fill({ color: colour("--accent") }),
    stroke: new ol.style.Stroke({ color: colour("--surface"), width: 2 }),
  };
  if (kind === "organisation") return new ol.style.RegularShape({ ...paint, points: 4, radius: SYMBOL_PIXELS + 1, angle: Math.PI / 4 });
  if (kind === "place") return new ol.style.RegularShape({ ...paint, points: 4, radius: SYMBOL_PIXELS + 1, angle: Math.PI / 4 });
  return new ol.style.Circle({ ...paint, radius: SYMBOL_PIXELS });
}

function cluster(count) {
  return new ol.style.Style({
    image: new ol.style.Circle({
      radius: Math.min(11 + Math.log2(Math.max(count, 1)) * 2, 24),
      fill: new ol.style.Fill({ color: colour("--accent") }),
      stroke: new ol.style.Stroke({ color: colour("--surface"), width: 2 }),
    }),
    text: new ol.style.Text({
      text: String(count), font: "600 12px Plex, system-ui, sans-serif",
      fill: new ol.style.Fill({ color: colour("--on-accent") }),
    }),
  });
}

// A place known only roughly is a dashed circle as wide as what is known.

function coarse(feature, metres) {
  const centre = ol.proj.toLonLat(feature.getGeometry().getCoordinates());
  return new ol.style.Style({
    geometry: ol.geom.Polygon.circular(centre, metres).transform("EPSG:4326", "EPSG:3857"),
    stroke: new ol.style.Stroke({ color: colour("--accent"), width: 1.5, lineDash: [6, 5] }),
  });
}
