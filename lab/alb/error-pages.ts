const page = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;

const answer = (title: string): string => {
  const body = page(title);
  return [`HTTP/1.1 ${title}`, "Server: awselb/2.0", "Content-Type: text/html", `Content-Length: ${body.length}`, "", body].join("\r\n");
};

/** Body of ALB's answer when a group has no target that gets requests. */
export const UNAVAILABLE_PAGE = page("503 Service Temporarily Unavailable");

/**
 * ALB's own answers by HAProxy's status. HAProxy says 503 where a connection to a target fails: for ALB that is 502, and the true 503 (no
 * target) is a rule of the backend.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
export const ERROR_ANSWERS: Readonly<Record<number, string>> = {
  400: answer("400 Bad Request"),
  408: answer("408 Request Timeout"),
  500: answer("500 Internal Server Error"),
  502: answer("502 Bad Gateway"),
  503: answer("502 Bad Gateway"),
  504: answer("504 Gateway Time-out"),
};
