import { cookieIn } from "../../../../node/sessions/express/cookie-in";

test.each([
  [undefined, undefined],
  ["", undefined],
  ["sid.v=1", "1"],
  ["a=b; sid.v=1", "1"],
  ["a=b;sid.v=1;c=d", "1"],
  ["sid.v=1; sid.v=2", "1"],
  ["sid.v= 1 ; c=d", "1"],
  ["sid.v=", ""],
  ["xsid.v=1", undefined],
  ["x=sid.v=1", undefined],
  ["xsid.v=1; sid.v=2", "2"],
  ["sid=s%3Aabc; sid.vv=3", undefined],
])("in %j the cookie sid.v is %j", (header, value) => {
  expect(cookieIn(header, "sid.v")).toBe(value);
});
