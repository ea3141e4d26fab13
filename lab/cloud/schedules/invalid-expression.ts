/** What a schedule's expression must be, and is not. */
export class InvalidExpression extends Error {}
