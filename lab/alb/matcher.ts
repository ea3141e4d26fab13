/** Whether a status is one of a matcher like `200`, `200,202` or `200-299,301`. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html */
export const matchesStatus = (matcher: string, status: number): boolean =>
  matcher.split(",").some((part) => {
    const [from = Number.NaN, to = from] = part.split("-").map(Number);
    return status >= from && status <= to;
  });
