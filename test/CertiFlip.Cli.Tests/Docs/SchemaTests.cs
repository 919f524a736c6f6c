using CertiFlip.Cli.Output;
using CertiFlip.Cli.Tests.Support;
using Json.Schema;

namespace CertiFlip.Cli.Tests.Docs;

public class SchemaTests
{
    public static TheoryData<string> Names => [.. Schemas.Forms.Select(one => one.Form.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_schema_is_what_the_types_and_their_documentation_make_it(string name)
    {
        (JsonForm form, string description) = Schemas.Forms.Single(one => one.Form.Name == name);
        string schema = Schemas.Of(form, description);
        Golden.Matches(schema, "docs", "schemas", $"{name}.json");
        Assert.NotEmpty(description);
        Assert.Empty(Schemas.Undescribed(schema));
        Assert.NotNull(JsonSchema.FromText(schema.Replace("\"$id\": \"urn:", "\"$id\": \"urn:approved:", StringComparison.Ordinal)));
        if (CommandFile.Other is null)
            Assert.Equal(schema, (await Invocation.Of("schema", name)).Output);
    }

    [Fact]
    public void The_schema_of_the_configuration_is_what_the_commands_make_it() =>
        Golden.Matches(Schemas.OfConfiguration(), "docs", "schemas", "configuration.json");

    [Fact]
    public async Task All_schemas_are_listed()
    {
        Invocation run = await Invocation.Of("schema");
        Assert.Equal(
            Directory.GetFiles(Repository.File("docs", "schemas"), "*.json").Select(Path.GetFileNameWithoutExtension)
                .Order(StringComparer.Ordinal),
            run.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task An_unknown_schema_is_refused_with_those_that_there_are()
    {
        Invocation run = await Invocation.Of("schema", "certfy");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("certiflip: there is no schema 'certfy'; expected one of attack, audit, ", run.Error);
    }
}
