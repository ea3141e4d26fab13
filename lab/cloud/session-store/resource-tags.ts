import { AwsError } from "../aws-error";
import { element, type Result } from "../query-protocol";
import { namedList, structs, texts } from "./query-lists";

/** Tags of ElastiCache's resources, by ARN. */
export class ResourceTags {
  readonly #tags = new Map<string, Map<string, string>>();

  /** With the `Tags` of a create call, or without any. */
  created(arn: string, params: Readonly<Record<string, string>>): void {
    this.#tags.set(arn, new Map());
    this.#set(arn, params);
  }

  deleted(arn: string): void {
    this.#tags.delete(arn);
  }

  readonly answers: Record<string, Result> = {
    ListTagsForResource: (params) => this.#list(params.ResourceName),
    AddTagsToResource: (params) => {
      this.#set(params.ResourceName ?? "", params);
      return this.#list(params.ResourceName);
    },
    RemoveTagsFromResource: (params) => {
      const tags = this.#of(params.ResourceName);
      for (const key of texts(params, "TagKeys") ?? []) tags.delete(key);
      return this.#list(params.ResourceName);
    },
  };

  #set(arn: string, params: Readonly<Record<string, string>>): void {
    const tags = this.#of(arn);
    for (const { Key = "", Value = "" } of structs(params, "Tags")) tags.set(Key, Value);
  }

  async #list(arn: string | undefined): Promise<string> {
    return namedList(
      "TagList",
      "Tag",
      [...this.#of(arn)].map(([key, value]) => element("Key", key) + element("Value", value)),
    );
  }

  #of(arn = ""): Map<string, string> {
    const tags = this.#tags.get(arn);
    if (tags === undefined) throw new AwsError("InvalidARN", `${arn}: names no ElastiCache resource of the lab`, 400);
    return tags;
  }
}
