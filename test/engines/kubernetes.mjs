// node kubernetes.mjs FILE...: holds each manifest, a Job in YAML, against Kubernetes' published schema, whose validators are
// made of its OpenAPI document.
import { readFileSync } from "node:fs";
import { Job } from "kubernetes-models/batch/v1";
import { parseDocument } from "yaml";

let failed = 0;
for (const file of process.argv.slice(2)) {
    const document = parseDocument(readFileSync(file, "utf8"), { strict: true, uniqueKeys: true });
    try {
        if (document.errors.length > 0)
            throw document.errors[0];
        const job = document.toJS();
        if (job.kind !== "Job" || job.apiVersion !== "batch/v1")
            throw new Error(`${job.apiVersion} ${job.kind}: expected batch/v1 Job`);
        new Job(job).validate();
        console.log(`${file}: valid`);
    } catch (error) {
        console.error(`${file}: ${error.message}`);
        failed = 1;
    }
}
process.exit(failed);
