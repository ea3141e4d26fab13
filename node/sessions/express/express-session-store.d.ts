/** The base class of express-session's stores, by itself: without the package's main file, which loads a store before it has this class to give. */
declare module "express-session/session/store" {
  import { Store } from "express-session";
  export = Store;
}
