const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => String(text).replace(/[&<>"']/g, (char) => ESCAPES[char]);

/** The one page of the shop. */
function page({ settings, cart, nodeId }) {
  const money = (cents) => `${(cents / 100).toFixed(2)} ${escaped(settings.currency)}`;
  const products = settings.products.map(
    ({ id, name, cents }) => `
      <tr><td>${escaped(name)}</td><td class="number">${money(cents)}</td>
        <td><form method="post" action="/cart"><button name="product" value="${escaped(id)}">Add</button></form></td></tr>`,
  );
  const lines = cart.lines.map(
    ({ name, quantity, cents }) => `
      <tr><td>${escaped(name)}</td><td class="number">${quantity}</td><td class="number">${money(cents)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escaped(settings.title)}</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
    table { border-collapse: collapse; width: 100%; } td, th { padding: .3rem .5rem; border-bottom: 1px solid #ddd; text-align: left; }
    .number { text-align: right; } form { margin: 0; } footer { margin-top: 2rem; color: #666; }
  </style>
</head>
<body>
  <h1>${escaped(settings.title)}</h1>
  <table>${products.join("")}
  </table>
  <h2>Your cart</h2>
  ${
    lines.length === 0
      ? "<p>Nothing in it yet.</p>"
      : `<table>${lines.join("")}
      <tr><th>Together</th><td></td><th class="number">${money(cart.cents)}</th></tr>
  </table>
  <form method="post" action="/checkout"><button>Buy</button></form>`
  }
  <footer>Served by node <code>${escaped(nodeId)}</code>. <a href="/vendor">Ask the vendor</a></footer>
</body>
</html>
`;
}

module.exports = { page };
