"""Holds what certiflip plan --for aws-batch writes against the published model of the service: aws.py FILE..."""
import json
import sys

import botocore.session
import botocore.validate

model = botocore.session.get_session().get_service_model("batch")
shape = model.operation_model("RegisterJobDefinition").input_shape
failed = 0
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        report = botocore.validate.ParamValidator().validate(json.load(file), shape)
    if report.has_errors():
        print(f"{path}: {report.generate_report()}", file=sys.stderr)
        failed = 1
    else:
        print(f"{path}: valid")
sys.exit(failed)
