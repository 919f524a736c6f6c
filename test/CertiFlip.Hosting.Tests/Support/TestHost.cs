using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CertiFlip.Hosting.Tests.Support;

/// <summary>A host of somebody's own, on a port that the system chose.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a host with a health check that says in words what it finds.</summary>
    /// <param name="add">Adds services.</param>
    /// <param name="map">Maps endpoints; those of the one model if not given.</param>
    public static async Task<TestHost> Start(Action<WebApplicationBuilder> add, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        add(builder);
        builder.Services.AddHealthChecks();
        WebApplication app = builder.Build();
        app.MapHealthChecks("/health", new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsync(string.Join(
                '\n', report.Entries.Select(entry => $"{entry.Key} {entry.Value.Status}: {entry.Value.Description}"))),
        });
        if (map is null)
            app.MapCertiFlip();
        else
            map(app);
        await app.StartAsync(Cancellation);
        return new TestHost(app);
    }

    /// <summary>One that serves a model and looks at its file again and again.</summary>
    public static Task<TestHost> Start(string model, Action<CertiFlipOptions>? configure = null) => Start(builder =>
    {
        builder.Services.AddCertiFlip(options =>
        {
            options.Model = model;
            options.ReloadInterval = TimeSpan.FromMilliseconds(20);
            configure?.Invoke(options);
        });
        builder.Services.AddHealthChecks().AddCertiFlip();
    });

    public Task<HttpResponseMessage> Post(string body = SmallModel.Request, string path = "/v1/certify") =>
        Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);

    public Task<string> Health() => Text(Client.GetAsync("/health", Cancellation));

    /// <summary>The model that answered, and what it said as <see cref="SmallModel.Expected"/> writes it.</summary>
    public async Task<(string Id, string Answer)> Ask(string path = "/v1/certify")
    {
        using HttpResponseMessage response = await Post(path: path);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {text}");
        using JsonDocument answer = JsonDocument.Parse(text);
        JsonElement row = answer.RootElement.GetProperty("rows")[0], exact = row.GetProperty("exact");
        string id = answer.RootElement.GetProperty("model").GetString()!;
        Assert.Equal(id, response.Headers.GetValues("CertiFlip-Model").Single());
        return (id, string.Create(
            CultureInfo.InvariantCulture,
            $"{exact.GetProperty("prediction")} {exact.GetProperty("radius")} {row.GetProperty("radii").GetProperty("tight")} "
                + $"{row.GetProperty("log_failure").GetDouble():R}"));
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task Until(Func<Task<bool>> holds)
    {
        for (int round = 0; round < 500; round++)
        {
            if (await holds())
                return;
            await Task.Delay(20, Cancellation);
        }

        Assert.Fail("It did not come about within ten seconds.");
    }

    public static async Task<string> Text(Task<HttpResponseMessage> asked)
    {
        using HttpResponseMessage response = await asked;
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(Cancellation);
        await _app.DisposeAsync();
    }
}
