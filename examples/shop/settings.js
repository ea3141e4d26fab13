const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("dot-properties");
const { XMLParser, XMLValidator } = require("fast-xml-parser");

// No entities of a document's own: they are how XML is made to read files or to eat memory. The five of XML itself are decoded below.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (name) => name === "product",
});

const ENTITIES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
const decoded = (text) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => ENTITIES[name]);

function parseProducts(xml) {
  const wellFormed = XMLValidator.validate(xml);
  if (wellFormed !== true) {
    const { msg, line, col } = wellFormed.err;
    throw new Error(`products.xml:${line}:${col}: ${msg}`);
  }
  const list = parser.parse(xml).products?.product ?? [];
  return list.map((product) => {
    const cents = Number(product.cents);
    if (!product.id) throw new Error("products.xml: every product must have an id");
    if (!Number.isInteger(cents) || cents < 0)
      throw new Error(`products.xml/${product.id}/cents: must be a whole number, got ${product.cents}`);
    return { id: decoded(product.id), name: decoded(product["#text"] ?? product.id), cents };
  });
}

function parseSettings(properties) {
  const values = parse(properties);
  const vendorTimeoutMs = Number(values["vendor.timeoutMs"] ?? 2000);
  if (!(vendorTimeoutMs > 0)) throw new Error(`shop.properties/vendor.timeoutMs: must be above 0, got ${values["vendor.timeoutMs"]}`);
  return { title: values.title ?? "Shop", currency: values.currency ?? "EUR", vendorUrl: values.VENDOR_URL ?? "", vendorTimeoutMs };
}

/** Both files, or an error that says which of them is wrong and where. */
function loadSettings(folder) {
  return {
    products: parseProducts(readFileSync(join(folder, "conf/products.xml"), "utf8")),
    ...parseSettings(readFileSync(join(folder, "conf/shop.properties"), "utf8")),
  };
}

module.exports = { loadSettings, parseProducts, parseSettings };
