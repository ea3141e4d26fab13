import { z } from "zod";
import type { HttpAnswer } from "../endpoint/service-answer";
import { jsonAnswer } from "../endpoint/service-answer";
import type { RestRoutes } from "../rest-protocol";
import { checked } from "./checked";
import { eventInvokeOf } from "./described";
import type { EventInvokeConfig, LambdaFunction } from "./function";
import type { Functions } from "./functions";
import { notFound } from "./not-found";

/** Destinations that the lab delivers to. */
const destination = z.strictObject({
  Destination: z
    .string()
    .regex(/^arn:aws:(sns|lambda|events):/, "must be an SNS topic, a function or an event bus, which the lab delivers to")
    .optional(),
});

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const eventInvokeInput = z.strictObject({
  MaximumRetryAttempts: z.int().min(0).max(2).optional(),
  MaximumEventAgeInSeconds: z.int().min(60).max(21_600).optional(),
  DestinationConfig: z.strictObject({ OnSuccess: destination.optional(), OnFailure: destination.optional() }).optional(),
});

const EVENTS = "/2019-09-25/functions/{name}/event-invoke-config";

/** What becomes of a function's asynchronous events. */
export function eventInvokeAnswers(functions: Functions): RestRoutes {
  /** `known`: what is not given stays as it is. */
  const put = (fn: LambdaFunction, input: unknown, known: EventInvokeConfig | undefined): HttpAnswer => {
    const given = checked(eventInvokeInput, input);
    const destinations = given.DestinationConfig;
    fn.eventInvoke = {
      modifiedAt: new Date(),
      maximumRetryAttempts: given.MaximumRetryAttempts ?? known?.maximumRetryAttempts,
      maximumAgeSeconds: given.MaximumEventAgeInSeconds ?? known?.maximumAgeSeconds,
      onSuccess: destinations ? destinations.OnSuccess?.Destination : known?.onSuccess,
      onFailure: destinations ? destinations.OnFailure?.Destination : known?.onFailure,
    };
    return jsonAnswer(200, eventInvokeOf(fn, fn.eventInvoke));
  };
  const named = (path: Readonly<Record<string, string>>): LambdaFunction => functions.get(path.name ?? "");
  return {
    [`PUT ${EVENTS}`]: async ({ path, input }) => put(named(path), input, undefined),
    [`POST ${EVENTS}`]: async ({ path, input }) => put(named(path), input, named(path).eventInvoke),
    [`GET ${EVENTS}`]: async ({ path }) => {
      const fn = named(path);
      if (!fn.eventInvoke) throw notFound(`The function ${fn.arn}:$LATEST doesn't have an EventInvokeConfig`);
      return jsonAnswer(200, eventInvokeOf(fn, fn.eventInvoke));
    },
    [`GET ${EVENTS}/list`]: async ({ path }) => {
      const fn = named(path);
      return jsonAnswer(200, { FunctionEventInvokeConfigs: fn.eventInvoke ? [eventInvokeOf(fn, fn.eventInvoke)] : [] });
    },
    [`DELETE ${EVENTS}`]: async ({ path }) => {
      named(path).eventInvoke = undefined;
      return jsonAnswer(204, undefined);
    },
  };
}
