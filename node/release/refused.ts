/** The release itself is wrong: trying again would end the same. The message is for the person who made it. */
export class Refused extends Error {
  override readonly name = "Refused";
}
