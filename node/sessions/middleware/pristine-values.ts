import type { Field } from "../model";
import { Pristine } from "./pristine";
import { Recent } from "./recent";

/** Characters of JSON text; in memory it is about four times as much. */
const MOST_TEXT = 8 * 1024 * 1024;

const READ_ONCE = Symbol("read once");

/** The objects that requests read of sessions, while nobody changes them. */
export class PristineValues {
  readonly #known = new Recent<Field, Pristine | typeof READ_ONCE>(MOST_TEXT, ({ json }) => json.length);

  /** Of a field whose text is an object. Undefined: read the text; it pays from the second time on. */
  of(field: Field): Pristine | undefined {
    const known = this.#known.get(field);
    if (known === undefined) this.#known.set(field, READ_ONCE);
    if (known !== READ_ONCE) return known;
    const pristine = Pristine.of(JSON.parse(field.json) as object);
    if (pristine) this.#known.set(field, pristine);
    return pristine;
  }
}
