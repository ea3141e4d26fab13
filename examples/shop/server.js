const { loadSettings } = require("./settings");
const { shop } = require("./shop");

const { PORT = "8082", NODE_ID = "local", SETTINGS_DIR = ".", DATA_DIR = "." } = process.env;

const current = { settings: loadSettings(SETTINGS_DIR) };
const server = shop({ current, nodeId: NODE_ID, dataDir: DATA_DIR }).listen(Number(PORT), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`shop: serving on 127.0.0.1:${PORT}`);
});

process.on("SIGHUP", () => {
  try {
    current.settings = loadSettings(SETTINGS_DIR);
    console.log("shop: settings read anew");
  } catch (error) {
    console.error(`shop: settings kept as they were: ${error.message}`);
  }
});

process.on("SIGTERM", () => {
  console.log("shop: finishing what is open");
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
