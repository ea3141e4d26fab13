/** It failed and says why: exit code 1. */
export class Failure extends Error {}

/** The call was wrong: exit code 2. */
export class WrongCall extends Error {}
