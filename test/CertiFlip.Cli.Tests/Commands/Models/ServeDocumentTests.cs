using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertiFlip.Cli.Tests.Support;
using Json.Schema;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace CertiFlip.Cli.Tests.Commands.Models;

/// <summary>The OpenAPI document says what there is, and everything that there is.</summary>
public sealed class ServeDocumentTests : IDisposable
{
    private const string Request = "{\"rows\": [[1, 2], {\"b\": 0.5, \"a\": -1}], \"witness\": true}";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_is_valid_and_names_what_there_is()
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder));
        ReadResult read = OpenApiDocument.Parse(await service.Client.GetStringAsync("/openapi.json", Cancellation), "json");
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        OpenApiDocument document = read.Document!;
        Assert.Empty(document.Validate(ValidationRuleSet.GetDefaultRuleSet()));
        foreach ((string path, IOpenApiPathItem item) in document.Paths)
        {
            using var request = new HttpRequestMessage(item.Operations!.Keys.Single(), path);
            using HttpResponseMessage response = await service.Client.SendAsync(request, Cancellation);
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.UnsupportedMediaType]);
        }

        await (await service.Client.GetAsync("/v2", Cancellation)).AssertProblem(404, "See /openapi.json");
        await (await service.Client.GetAsync("/v1/certify", Cancellation)).AssertProblem(405, "See /openapi.json");
    }

    [Theory]
    [InlineData("--head ridge", "head,ridge,lambda,intercept")]
    [InlineData("--head saturated-ridge", "head,ridge,lambda,gain")]
    [InlineData("--head saturated-ridge --offset 0.25", "head,ridge,lambda,gain,offset")]
    [InlineData("--head knn:3", "head,neighbours")]
    [InlineData("--head kernel", "head,bandwidth")]
    public async Task Answers_hold_what_the_document_says_and_no_more(string head, string keys)
    {
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder, options: head.Split(' ')));
        JsonNode document = JsonNode.Parse(await service.Client.GetStringAsync("/openapi.json", Cancellation))!;
        JsonElement model = await Answer(service.Client.GetAsync("/v1/model", Cancellation));
        Assert.Equal(
            keys,
            string.Join(
                ',',
                model.EnumerateObject().Select(property => property.Name).SkipWhile(name => name != "head")
                    .TakeWhile(name => name != "conditional_on_lambda")));
        AssertValid(document, "schemas/ModelDescription", model);
        using JsonDocument request = JsonDocument.Parse(Request);
        AssertValid(document, "schemas/CertifyRequest", request.RootElement);
        AssertValid(document, "schemas/CertifyResponse", await Answer(service.Post(Request, Cancellation)));
        AssertValid(
            document, "responses/Health/content/application~1json/schema",
            await Answer(service.Client.GetAsync("/health/ready", Cancellation)));
        AssertValid(document, "responses/Problem/content/application~1problem+json/schema", await Answer(service.Post("{}", Cancellation)));
    }

    private static async Task<JsonElement> Answer(Task<HttpResponseMessage> asked)
    {
        using HttpResponseMessage response = await asked;
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return answer.RootElement.Clone();
    }

    /// <summary>Whether an answer is what a part of the document's components says.</summary>
    private static void AssertValid(JsonNode document, string path, JsonElement answer)
    {
        JsonNode components = document["components"]!.DeepClone();
        Close(components);
        JsonNode schema =
            path.Split('/').Aggregate(components, (node, name) => node[name.Replace("~1", "/", StringComparison.Ordinal)]!).DeepClone();
        schema["$defs"] = components["schemas"]!.DeepClone();
        string text = schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        EvaluationResults results = JsonSchema.FromText(text).Evaluate(answer, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(
            results.IsValid,
            string.Join(
                '\n',
                (results.Details ?? []).Where(detail => detail.Errors is not null)
                    .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}")));
    }

    /// <summary>Clients must expect more properties than are named; the document must name all.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            foreach ((_, JsonNode? part) in schema)
                Close(part);
            if (schema["properties"] is JsonObject)
                schema["additionalProperties"] = false;
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? part in list)
                Close(part);
        }
    }
}
