using System.Diagnostics.CodeAnalysis;
using CertiFlip.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Certified predictions in an ASP.NET Core host. docs/hosting.md shows one from the beginning.</summary>
public static class CertiFlipHosting
{
    /// <summary>Adds a model that is served, with limits for requests.</summary>
    /// <remarks>
    /// Nothing is read before the host starts. It does not start with options that are not valid or, unless
    /// <see cref="CertiFlipOptions.RequireModelAtStart"/> is false, without a good model.
    /// </remarks>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">
    /// Sets the options; <see cref="CertiFlipOptions.Model"/> at least, unless another call binds them to a
    /// configuration.
    /// </param>
    /// <param name="name">Tells models apart where there are several.</param>
    public static IServiceCollection AddCertiFlip(
        this IServiceCollection services, Action<CertiFlipOptions>? configure = null, string name = "")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        OptionsBuilder<CertiFlipOptions> options = services.AddOptions<CertiFlipOptions>(name).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CertiFlipOptions>, CertiFlipOptionsValidator>());
        if (services.Any(service => service.ServiceType == typeof(ServedModel) && service.ServiceKey is string key && key == name))
            return services;
        services.AddKeyedSingleton(name, (provider, _) => new ServedModel(
            name,
            provider.GetRequiredService<IOptionsMonitor<CertiFlipOptions>>().Get(name),
            provider.GetService<IHostEnvironment>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("CertiFlip")));
        if (name.Length == 0)
            services.AddSingleton(provider => provider.GetRequiredKeyedService<ServedModel>(name));
        services.AddSingleton<IHostedService>(provider => new ServedModel.Watch(provider.GetRequiredKeyedService<ServedModel>(name)));
        return services;
    }

    /// <summary>
    /// Adds a model that is served, with options from a section of the configuration, such as
    /// <c>builder.Configuration.GetSection("CertiFlip")</c>.
    /// </summary>
    /// <remarks>
    /// The host does not start where the section has a key that is no option, or a value that is none. Both calls may
    /// be made for one model: what code sets after this one, or adds as checks, applies too.
    /// </remarks>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section; its keys are the names of the options.</param>
    /// <param name="name">Tells models apart where there are several.</param>
    public static IServiceCollection AddCertiFlip(this IServiceCollection services, IConfiguration section, string name = "")
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddCertiFlip(options => options.Read(section, name), name);
    }

    /// <summary>
    /// Adds a health check of a served model: healthy where its file is what answers, degraded where the file is gone
    /// or bad and an earlier model answers, unhealthy where there is no model.
    /// </summary>
    /// <param name="checks">The host's health checks.</param>
    /// <param name="name">What the model was called in <c>AddCertiFlip</c>.</param>
    /// <param name="check">What the check is called; "certiflip" and the model's name if not given.</param>
    /// <param name="failureStatus">What is said where there is no model; unhealthy if not given.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    public static IHealthChecksBuilder AddCertiFlip(
        this IHealthChecksBuilder checks, string name = "", string? check = null, HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.Add(new HealthCheckRegistration(
            check ?? (name.Length == 0 ? "certiflip" : $"certiflip-{name}"),
            provider => new ModelHealth(provider.GetRequiredKeyedService<ServedModel>(name)),
            failureStatus,
            tags));
    }

    /// <summary>
    /// Maps <c>POST certify</c>, <c>GET model</c> and <c>GET openapi.json</c> below a prefix, for a model of
    /// <c>AddCertiFlip</c>.
    /// </summary>
    /// <param name="endpoints">The application, or a group.</param>
    /// <param name="prefix">What the paths begin with.</param>
    /// <param name="name">What the model was called in <c>AddCertiFlip</c>.</param>
    /// <returns>
    /// The group of the endpoints, for what the host asks of callers: <c>.RequireAuthorization()</c>.
    /// </returns>
    /// <exception cref="InvalidOperationException">There is no such model.</exception>
    public static RouteGroupBuilder MapCertiFlip(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string prefix = "/v1", string name = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        if (!services.GetRequiredService<IServiceProviderIsKeyedService>().IsKeyedService(typeof(ServedModel), name))
        {
            throw new InvalidOperationException(name.Length == 0
                ? "There is no model to map: call services.AddCertiFlip(…) first."
                : $"There is no model \"{name}\" to map: call services.AddCertiFlip(…, \"{name}\") first.");
        }

        // Made by the first request: options are validated when the host starts, not when it is put together.
        var endpoint = new Lazy<CertifyEndpoint>(() => new CertifyEndpoint(services.GetRequiredKeyedService<ServedModel>(name)));
        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        group.MapGet("model", (RequestDelegate)(context => endpoint.Value.Describe(context)));
        group.MapPost("certify", (RequestDelegate)(context => endpoint.Value.Certify(context)));
        group.MapGet("openapi.json", (RequestDelegate)CertifyEndpoint.DescribeEndpoints);
        return group;
    }

    private sealed class ModelHealth(ServedModel served) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            (LoadedModel? model, string? problem) = served.State;
            if (model is null)
                return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, problem));
            var data = new Dictionary<string, object> { ["model"] = model.Id, ["loaded"] = model.LoadedAt };
            return Task.FromResult(problem is null
                ? HealthCheckResult.Healthy($"The model {model.Id} answers.", data)
                : HealthCheckResult.Degraded($"The model {model.Id} answers still: {problem}", data: data));
        }
    }
}
