// A host of your own that serves certificates: at /v1 to whoever has a key, and in an endpoint in your own words.
//
//   dotnet run --project samples/WebHost -- --CertiFlip:Model digits.model --Keys:alice SECRET
//
// `certiflip train` makes the model. When its file is replaced, the next request is answered by the new one.
using CertiFlip;
using CertiFlip.Hosting;
using Microsoft.AspNetCore.Authentication;
using WebHost;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// The model and its limits, from appsettings.json, the environment or the command line.
builder.Services.AddCertiFlip(builder.Configuration.GetSection("CertiFlip"));
builder.Services.AddHealthChecks().AddCertiFlip();

// Who may ask is your own affair: keys here, and whatever your other endpoints have there.
builder.Services.AddAuthentication(ApiKeys.Scheme).AddScheme<AuthenticationSchemeOptions, ApiKeys>(ApiKeys.Scheme, null);
builder.Services.AddAuthorization();

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapCertiFlip("/v1").RequireAuthorization();

// An endpoint in your own words, by the same model.
app.MapPost("/digits", (double[] pixels, ServedModel served) =>
{
    if (served.Current is not { } model)                              // One model from here on, also if it is replaced.
        return Results.Problem("There is no model yet.", statusCode: 503);
    if (pixels.Length != model.Model.Head.Features)
        return Results.Problem($"There are {pixels.Length} pixels; expected {model.Model.Head.Features}.", statusCode: 400);
    Certificate exact = model.Certifier.Certify(pixels).Exact;
    return Results.Ok(new { digit = model.Model.Labels.Classes[exact.Prediction], wrongLabelsSurvived = $"{exact.Radius}" });
}).RequireAuthorization();

app.Run();
