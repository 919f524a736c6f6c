using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using CertiFlip.Hosting.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CertiFlip.Hosting.Tests;

/// <summary>A team's own host serves certificates, in its own words.</summary>
public sealed class HostingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_those_of_the_library()
    {
        string model = SmallModel.Write(_folder);
        await using TestHost host = await TestHost.Start(model);
        Assert.Equal(SmallModel.Expected(model), await host.Ask());
        Assert.Equal("certiflip Healthy", (await host.Health()).Split(':')[0]);
        ServedModel served = host.Services.GetRequiredService<ServedModel>();
        Assert.Equal(SmallModel.Expected(model).Id, served.Current!.Id);
        Assert.Equal("spam", served.Current.Model.Labels.Classes[served.Current.Certifier.Certify([0.9, 0.2]).Exact.Prediction]);
    }

    /// <summary>The host decides who may ask; its health stays open.</summary>
    [Fact]
    public async Task The_host_s_own_authentication_stands_before_every_endpoint()
    {
        string model = SmallModel.Write(_folder);
        await using TestHost host = await TestHost.Start(
            builder =>
            {
                builder.Services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyHandler>("key", null);
                builder.Services.AddAuthorization();
                builder.Services.AddCertiFlip(options => options.Model = model);
            },
            app => app.MapCertiFlip("/certificates").RequireAuthorization());
        foreach (string path in (string[])["model", "openapi.json"])
        {
            using HttpResponseMessage refused = await host.Client.GetAsync($"/certificates/{path}", Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using (HttpResponseMessage refused = await host.Post(path: "/certificates/certify"))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        host.Client.DefaultRequestHeaders.Add("X-Key", "right");
        Assert.Equal(SmallModel.Expected(model), await host.Ask("/certificates/certify"));
        host.Client.DefaultRequestHeaders.Remove("X-Key");
        Assert.Equal("", await host.Health());
    }

    /// <summary>Each has a health check, and its document the prefix.</summary>
    [Fact]
    public async Task Several_models_come_from_the_configuration()
    {
        string spam = SmallModel.Write(_folder, "spam"), fruit = SmallModel.Write(_folder, "fruit", 60, "apple", "pear", "plum");
        await using TestHost host = await TestHost.Start(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Models:Spam:Model"] = spam,
                    ["Models:Fruit:Model"] = fruit,
                    ["Models:Fruit:MaxRows"] = "2",
                    ["Models:Fruit:RequestTimeout"] = "00:00:20",
                });
                foreach (string name in (string[])["Spam", "Fruit"])
                {
                    builder.Services.AddCertiFlip(builder.Configuration.GetSection($"Models:{name}"), name);
                    builder.Services.AddHealthChecks().AddCertiFlip(name);
                }
            },
            app =>
            {
                RouteGroup(app).MapCertiFlip("spam", "Spam");
                RouteGroup(app).MapCertiFlip("fruit", "Fruit");
            });
        Assert.Equal(SmallModel.Expected(spam), await host.Ask("/api/spam/certify"));
        Assert.Equal(SmallModel.Expected(fruit), await host.Ask("/api/fruit/certify"));
        using HttpResponseMessage refused = await host.Post("{\"rows\": [[1, 2], [1, 2], [1, 2]]}", "/api/fruit/certify");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("There are 3 rows; expected at most 2", await refused.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
        Assert.Equal(["certiflip-Spam Healthy", "certiflip-Fruit Healthy"],
            (await host.Health()).Split('\n').Select(line => line.Split(':')[0]));
        using JsonDocument document = JsonDocument.Parse(
            await host.Client.GetStringAsync("/api/fruit/openapi.json", Cancellation));
        Assert.Equal(["/api/fruit/certify", "/api/fruit/model", "/api/fruit/openapi.json"],
            document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_by_the_limit_of_the_model_and_not_of_the_host()
    {
        await using TestHost host = await TestHost.Start(SmallModel.Write(_folder), options => options.MaxBodyBytes = 100);
        using HttpResponseMessage refused = await host.Post(SmallModel.Request + new string(' ', 200));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("The body is longer than 100 bytes", await refused.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaxRows", "0", "MaxRows: found 0, expected a whole number from 1 to 1000000.")]
    [InlineData("MaxQueued", "-1", "MaxQueued: found -1, expected a whole number from 0 to 100000.")]
    [InlineData("Noise", "1", "Noise: found 1, expected a number between 0 and 1.")]
    [InlineData("RequestTimeout", "00:00:00", "RequestTimeout: found 00:00:00, expected a time above 0 and up to 1.00:00:00.")]
    [InlineData("ReloadInterval", "-00:00:01", "ReloadInterval: found -00:00:01, expected a time from 0 to 1.00:00:00.")]
    [InlineData("Model", "", "Model: expected the path of a model, such as certiflip train --out writes.")]
    [InlineData("MaxRow", "5", "CertiFlip:MaxRow: there is no such option, expected one of Model, Noise, MaxRows, MaxBodyBytes, ")]
    [InlineData("Model:Path", "m", "CertiFlip:Model: found a section, expected the path of a model.")]
    [InlineData("MaxRows", "abc", "CertiFlip:MaxRows: found 'abc', expected a whole number from 1 to 1000000.")]
    [InlineData("MaxQueued", "", "CertiFlip:MaxQueued: found '', expected a whole number from 0 to 100000.")]
    [InlineData("noise", "ten", "CertiFlip:noise: found 'ten', expected a number between 0 and 1.")]
    [InlineData("RequestTimeout", "soon", "CertiFlip:RequestTimeout: found 'soon', expected a time above 0 and up to 1.00:00:00.")]
    [InlineData("RequireModelAtStart", "maybe", "CertiFlip:RequireModelAtStart: found 'maybe', expected true or false.")]
    public async Task Options_that_are_not_valid_stop_the_start(string key, string value, string expected)
    {
        var settings = new Dictionary<string, string?> { ["CertiFlip:Model"] = SmallModel.Write(_folder), [$"CertiFlip:{key}"] = value };
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.Start(builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddCertiFlip(builder.Configuration.GetSection("CertiFlip"));
        }));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_is_read_from_the_configuration()
    {
        var settings = new Dictionary<string, string?>
        {
            ["CertiFlip:Model"] = SmallModel.Write(_folder),
            ["CertiFlip:Noise"] = "0.25",
            ["CertiFlip:MaxRows"] = "5",
            ["CertiFlip:MaxBodyBytes"] = "6",
            ["CertiFlip:MaxFlips"] = "7",
            ["CertiFlip:MaxConcurrent"] = "8",
            ["CertiFlip:maxqueued"] = "9",
            ["CertiFlip:RequestTimeout"] = "00:00:10",
            ["CertiFlip:ReloadInterval"] = "00:00:11",
            ["CertiFlip:RequireModelAtStart"] = "False",
        };
        PropertyInfo[] properties = typeof(CertiFlipOptions).GetProperties();
        Assert.Equal(properties.Length, settings.Count);
        await using TestHost host = await TestHost.Start(builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddCertiFlip(builder.Configuration.GetSection("CertiFlip"));
        });
        CertiFlipOptions options = host.Services.GetRequiredService<IOptionsMonitor<CertiFlipOptions>>().Get("");
        foreach (PropertyInfo property in properties)
        {
            string key = $"CertiFlip:{property.Name}";
            string? expected = settings.Single(one => one.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
            Assert.Equal(expected, Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture));
        }
    }

    /// <summary>As docs/hosting.md says.</summary>
    [Fact]
    public async Task Code_adds_to_what_a_section_says()
    {
        string model = SmallModel.Write(_folder);
        Exception exception = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.Start(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["CertiFlip:Model"] = model });
            builder.Services.AddCertiFlip(builder.Configuration.GetSection("CertiFlip"));
            builder.Services.AddCertiFlip(options => options.CheckModel(_ => throw new InvalidOperationException("Not this one.")));
        }));
        Assert.Equal("Not this one.", exception.Message);
    }

    [Fact]
    public async Task A_model_that_was_not_added_cannot_be_mapped()
    {
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestHost.Start(_ => { }, app => app.MapCertiFlip("/v1", "spam")));
        Assert.Equal("There is no model \"spam\" to map: call services.AddCertiFlip(…, \"spam\") first.", exception.Message);
    }

    [Fact]
    public async Task A_noise_that_the_classes_do_not_allow_stops_the_start()
    {
        string model = SmallModel.Write(_folder);
        Exception exception = await Assert.ThrowsAsync<Data.DataException>(
            () => TestHost.Start(model, options => options.Noise = 0.6));
        Assert.EndsWith(
            "it has 2 classes, which need a noise below 1/2, but the noise is 0.6.", exception.Message, StringComparison.Ordinal);
    }

    private static Microsoft.AspNetCore.Routing.RouteGroupBuilder RouteGroup(WebApplication app) => app.MapGroup("/api");

    /// <summary>Somebody's own way to tell who asks.</summary>
    private sealed class KeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-Key"] == "right"
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity("key")), "key"))
                : AuthenticateResult.NoResult());
    }
}
